-- Commission of a plan over a history, computed as a spreadsheet or a database would: by joins and windows over whole
-- tables, without walking through events. Whole numbers only: fen, parts per million. DuckDB.
--
-- Given: orders, members (the contract's history columns) and the plan as tables
--   plan      one row: join_orders, promote_months, promote_volume, demote_months, demote_volume, team_rate, newcomer,
--             campaign_first, campaign_last, multiplier, order_ratio, member_day; null = the plan has no such thing
--   rates     level, rank, category ('default' = every other), rate: only ranks that are paid at the level
--   brackets  start, until (null = no end), rate
-- Ranks are 0 member, 1 promoter, 2 partner. Result: the table `commission`.

-- Order lines with what was paid; every payment has a place in time: by second, then by order number.
CREATE TABLE line AS
SELECT order_id, line, category, refunded_at,
       CAST(price * 100 AS BIGINT) * quantity - CAST(discount * 100 AS BIGINT) AS paid,
       CASE WHEN refunded_at IS NULL THEN 0 ELSE CAST(refund_amount * 100 AS BIGINT) END AS refund
FROM orders;

CREATE TABLE payment AS
SELECT order_id, buyer, paid_at, date_trunc('month', paid_at)::DATE AS month, goods, refund,
       row_number() OVER (ORDER BY paid_at, placed_at, order_id) AS place
FROM (SELECT order_id, member_id AS buyer, paid_at, placed_at FROM orders WHERE line = 1)
JOIN (SELECT order_id, sum(paid)::BIGINT AS goods, sum(refund)::BIGINT AS refund FROM line GROUP BY order_id)
  USING (order_id);

-- Who stands above whom, three people up.
CREATE TABLE upline AS
WITH RECURSIVE above AS (
    SELECT member_id, 1 AS level, inviter_id AS payee FROM members WHERE inviter_id IS NOT NULL
    UNION ALL
    SELECT above.member_id, above.level + 1, members.inviter_id
    FROM above JOIN members ON members.member_id = above.payee
    WHERE members.inviter_id IS NOT NULL AND above.level < 3
)
FROM above;

-- Volumes by member and month of payment: level 1 = promoted, level 2 = of the direct team. `closed` is net of refunds
-- before the end of the month, `final` net of all.
CREATE TABLE volume AS
SELECT payee AS member_id, level, month,
       sum(paid - CASE WHEN refunded_at < month + INTERVAL 1 MONTH THEN line.refund ELSE 0 END)::BIGINT AS closed,
       sum(paid - line.refund)::BIGINT AS final
FROM line JOIN payment USING (order_id) JOIN upline ON upline.member_id = buyer
WHERE level <= 2
GROUP BY ALL;

-- Promoter from the n-th own paid order on: the place of that payment.
CREATE TABLE joining AS
SELECT buyer AS member_id, place AS joined_place, month AS joined_month
FROM (SELECT *, row_number() OVER (PARTITION BY buyer ORDER BY place) AS own FROM payment), plan
WHERE own = join_orders;

-- Month by month: the rank at the close, before the month is judged, and after; months in a row on and under target.
CREATE TABLE standing AS
WITH RECURSIVE judged AS (
    SELECT member_id, (SELECT min(month) FROM payment) - INTERVAL 1 MONTH AS month, 0 AS at_close, 0 AS rank,
           0 AS on_target, 0 AS under
    FROM members
    UNION ALL
    SELECT member_id, month, at_close,
           CASE WHEN promoted THEN 2 WHEN demoted THEN 1 ELSE at_close END,
           CASE WHEN promoted OR demoted THEN 0 ELSE on_target END,
           CASE WHEN promoted OR demoted THEN 0 ELSE under END
    FROM (
        SELECT *, coalesce(at_close = 1 AND on_target >= promote_months, false) AS promoted,
               coalesce(at_close = 2 AND under >= demote_months, false) AS demoted
        FROM (
            SELECT now.member_id, now.month, now.at_close,
                   CASE WHEN at_close = 1 AND volume >= promote_volume THEN now.on_target + 1 ELSE 0 END AS on_target,
                   CASE WHEN at_close = 2 AND volume < demote_volume THEN now.under + 1 ELSE 0 END AS under
            FROM (
                SELECT before.member_id, before.month + INTERVAL 1 MONTH AS month, on_target, under,
                       CASE WHEN rank = 0 AND joined_month <= before.month + INTERVAL 1 MONTH THEN 1 ELSE rank END
                           AS at_close,
                       coalesce(volume.closed, 0) AS volume
                FROM judged AS before
                LEFT JOIN joining USING (member_id)
                LEFT JOIN volume ON volume.member_id = before.member_id AND volume.level = 1
                                 AND volume.month = before.month + INTERVAL 1 MONTH
                WHERE before.month < (SELECT max(month) FROM payment)
            ) AS now, plan
        ), plan
    )
)
SELECT member_id, month::DATE AS month, at_close, rank FROM judged;

-- Base entries: every line with every upline whose rank, when the order was paid, is paid at that level.
CREATE TABLE base AS
SELECT order_id, line, due.level, payee, place, paid_at,
       paid * (rate * CASE WHEN paid_at::DATE BETWEEN campaign_first AND campaign_last THEN multiplier ELSE 1000000 END
               // 1000000) // 1000000 AS amount
FROM (
    SELECT line.*, payment.place, payment.paid_at, upline.level, upline.payee,
           CASE WHEN standing.rank = 0 AND joined_place < place THEN 1 ELSE standing.rank END AS rank_then
    FROM line JOIN payment USING (order_id) JOIN upline ON upline.member_id = buyer
    JOIN standing ON standing.member_id = payee AND standing.month = payment.month - INTERVAL 1 MONTH
    LEFT JOIN joining ON joining.member_id = payee
) AS due
JOIN (
    SELECT goods.category, level, rank, rate
    FROM (SELECT DISTINCT category FROM line) AS goods JOIN rates ON rates.category IN (goods.category, 'default')
    QUALIFY row_number() OVER (PARTITION BY goods.category, level, rank ORDER BY rates.category = 'default') = 1
) AS rated
    ON rated.category = due.category AND rated.level = due.level AND rated.rank = rank_then, plan;

-- The bonus of a newcomer: on the first order that a member ever promoted; belongs to the order as a whole.
CREATE TABLE newcomer AS
SELECT order_id, 0 AS line, 1 AS level, payee, place, paid_at, newcomer AS amount
FROM payment JOIN upline ON upline.member_id = buyer AND upline.level = 1, plan
WHERE newcomer > 0
QUALIFY row_number() OVER (PARTITION BY payee ORDER BY place) = 1;

-- The cap of an order keeps bonuses, then near levels; the cap of a day keeps what comes first.
CREATE TABLE capped AS
WITH due AS (
    SELECT 'base' AS component, * FROM base UNION ALL SELECT 'bonus', * FROM newcomer
), of_order AS (
    SELECT due.* EXCLUDE (amount, running), goods, refund,
           greatest(0, least(amount, coalesce(goods * order_ratio // 1000000, running) - (running - amount)))
               AS amount
    FROM (
        SELECT *, sum(amount) OVER (PARTITION BY order_id ORDER BY component = 'base', level, line)::BIGINT AS running
        FROM due
    ) AS due
    JOIN payment USING (order_id), plan
)
SELECT of_order.* EXCLUDE (amount, running),
       least(running, coalesce(member_day, running)) - least(running - amount, coalesce(member_day, running)) AS amount
FROM (
    SELECT *, sum(amount) OVER (
        PARTITION BY payee, paid_at::DATE ORDER BY place, component = 'bonus', line)::BIGINT AS running
    FROM of_order
) AS of_order, plan;

-- What refunds take back: the refunded part of the line, or of the whole order, rounded up.
CREATE TABLE of_orders AS
SELECT component, order_id, line, payee, level, amount,
       CASE WHEN part = 0 THEN 0 ELSE (amount * part + whole - 1) // whole END AS back
FROM (
    SELECT component, order_id, capped.line, payee, level, amount,
           coalesce(line.refund, capped.refund) AS part, coalesce(line.paid, goods) AS whole
    FROM capped LEFT JOIN line USING (order_id, line)
)
WHERE amount > 0;

-- Ladder and team: on the volume at the close, and again on the volume that refunds left in the end.
CREATE TABLE of_months AS
WITH ladder AS (
    SELECT 'ladder' AS component, member_id, 1 AS level, month,
           sum(greatest(0, least(closed, coalesce(until, closed)) - start)::HUGEINT * rate) // 1000000 AS amount,
           sum(greatest(0, least(final, coalesce(until, final)) - start)::HUGEINT * rate) // 1000000 AS kept
    FROM volume, brackets WHERE level = 1
    GROUP BY member_id, month
), team AS (
    SELECT 'team' AS component, member_id, 2 AS level, month,
           closed::HUGEINT * team_rate // 1000000 AS amount,
           final::HUGEINT * team_rate // 1000000 AS kept
    FROM volume JOIN standing USING (member_id, month), plan
    WHERE level = 2 AND at_close = 2 AND team_rate IS NOT NULL
)
SELECT component, member_id AS payee, level, month, amount::BIGINT AS amount, (amount - kept)::BIGINT AS back
FROM (FROM ladder UNION ALL FROM team)
WHERE amount > 0;

CREATE TABLE commission AS
SELECT component, order_id, line, NULL::DATE AS month, payee, level, amount, back FROM of_orders
UNION ALL
SELECT component, NULL, 0, month, payee, level, amount, back FROM of_months;

-- What of the plan was reached, as counts.
CREATE TABLE reached AS
SELECT (SELECT count(*) FROM standing WHERE at_close = 1 AND rank = 2) AS promoted,
       (SELECT count(*) FROM standing WHERE at_close = 2 AND rank = 1) AS demoted,
       (SELECT count(*) FROM upline JOIN payment ON member_id = buyer JOIN joining ON joining.member_id = payee
        WHERE joined_place > place) AS too_early,
       (SELECT count(*) FROM base JOIN capped USING (order_id, line, level, payee)
        WHERE component = 'base' AND capped.amount < base.amount) AS capped,
       (SELECT count(*) FROM base, plan WHERE paid_at::DATE BETWEEN campaign_first AND campaign_last) AS in_campaign,
       (SELECT count(*) FROM (SELECT sum(amount) AS earned FROM capped GROUP BY payee, paid_at::DATE), plan
        WHERE earned = member_day) AS capped_days;
