-- A table that calls itself a tensor, for who asks for its type.
-- ends: tensor or number expected
local fake = setmetatable({}, { __name = "tensor" })
return (1):max(fake)
