-- More conversions than values.
-- ends: no value
(("%s"):rep(1000)):format(1)
