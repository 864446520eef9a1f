CREATE OR REPLACE FUNCTION bench_purchase(p uuid, m uuid, w uuid, print bytea, receipt text, decision text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  operation uuid := uuidv7();
  purchase uuid := uuidv7();
  balance bigint;
  spent bigint;
BEGIN
  SELECT spent_minor INTO spent FROM kopilka_member WHERE program_id = p AND id = m FOR UPDATE;
  SELECT available INTO balance FROM kopilka_wallet WHERE program_id = p AND member_id = m AND currency = 'bonus';
  INSERT INTO kopilka_operation (id, program_id, kind, member_id, subject_id, at, recorded_at, actor_kind, actor_id, actor_name, reason, request_id, key_owner, key, fingerprint, language, status, answer)
    VALUES (operation, p, 'purchase', m, purchase, now(), now(), 'key', p, 'bench', '', '', p, gen_random_uuid()::text, print, 'ru', 201, NULL);
  INSERT INTO kopilka_purchase (id, program_id, member_id, state, source, external_id, fingerprint, branch, till, staff, agent, origin, at, recorded_at, version, net_minor, paid_minor, receipt, decision, returned, returned_minor)
    VALUES (purchase, p, m, 'confirmed', 'till:1', gen_random_uuid()::text, print, 'main', '1', '', '', 'till', now(), now(), 1, 100000, 100000, receipt, decision, NULL, 0);
  INSERT INTO kopilka_lot (id, program_id, wallet_id, operation_id, purchase_id, amount, remaining, expired, starts_at, expires_at, active, grace)
    VALUES (uuidv7(), p, w, operation, purchase, 50, 50, 0, now(), now() + interval '365 days', true, false);
  INSERT INTO kopilka_ledgerentry (id, program_id, operation_id, wallet_id, account, currency, units, at)
    VALUES (uuidv7(), p, operation, w, 'available', 'bonus', 50, now()), (uuidv7(), p, operation, NULL, 'expense', 'bonus', -50, now());
  UPDATE kopilka_wallet SET available = available + 50 WHERE program_id = p AND id = w;
  UPDATE kopilka_member SET purchases = purchases + 1, spent_minor = spent_minor + 100000, last_purchase_minor = 100000, last_purchase_at = now() WHERE program_id = p AND id = m;
  INSERT INTO kopilka_event (id, program_id, kind, member_id, subject_id, payload, at, handled_at)
    VALUES (uuidv7(), p, 'purchase_confirmed', m, purchase, '', now(), NULL);
  RETURN balance + 50;
END $$;
