\set n random(1, :members)
SELECT bench_purchase(:program::uuid, ('00000000-0000-7000-8000-' || lpad(to_hex(:n::int), 12, '0'))::uuid, ('00000000-0000-7000-8001-' || lpad(to_hex(:n::int), 12, '0'))::uuid, :print::bytea, :receipt, :decision);
