UPSERT INTO customers (id, email, is_active, created_at)
VALUES (Uuid('5ca1ab1e-0000-4000-8000-000000000001'), 'ada@example.com'u, true, Timestamp('2026-11-29T12:00:00Z'))
