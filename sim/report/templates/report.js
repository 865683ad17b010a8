(function () {
  "use strict";
  var root = document.documentElement;
  var figures = JSON.parse(document.getElementById("figures").textContent);
  var config = JSON.parse(document.getElementById("config").textContent);

  function draw() {
    var lang = root.getAttribute("data-lang");
    Object.keys(figures).forEach(function (key) {
      var place = document.getElementById("chart-" + key);
      // Copies: plotly writes into what it is given.
      var drawn = JSON.parse(JSON.stringify(figures[key][lang]));
      if (!place) return;
      // One chart that cannot be drawn must not take the others with it.
      Plotly.react(place, drawn.data, drawn.layout, config).catch(function (error) { console.error(key, error); });
    });
  }

  function say(lang) {
    root.setAttribute("data-lang", lang);
    root.setAttribute("lang", lang === "zh" ? "zh-CN" : "en");
    document.title = root.getAttribute("data-title-" + lang);
    document.querySelectorAll("[data-say]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-say") === lang));
    });
    draw();
  }

  document.querySelectorAll("[data-say]").forEach(function (button) {
    button.addEventListener("click", function () { say(button.getAttribute("data-say")); });
  });
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.addEventListener("click", function () {
      var text = document.getElementById(button.getAttribute("data-copy")).textContent;
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(function () {
        button.classList.add("done");
      });
    });
  });
  var asked = new URLSearchParams(location.search).get("lang");
  say(asked === "zh" || asked === "en" ? asked : root.getAttribute("data-lang"));
})();
