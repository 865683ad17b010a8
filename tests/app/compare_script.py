"""The page that compares plans, as a script of its own; the processes of its jobs load this file and show nothing."""

if __name__ == "__main__":
    import streamlit as st

    from app.language import choose_language
    from app.pages.compare import show

    with st.sidebar:
        lang = choose_language()
    show(lang)
