-- SPDX-License-Identifier: MIT
local function element(i, j)
  return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)
end
local function times(from, to, n)
  for i = 0, n - 1 do
    local s = 0.0
    for j = 0, n - 1 do s = s + element(i, j) * from[j] end
    to[i] = s
  end
end
local function times_transposed(from, to, n)
  for i = 0, n - 1 do
    local s = 0.0
    for j = 0, n - 1 do s = s + element(j, i) * from[j] end
    to[i] = s
  end
end
return function(n)
  local u, v, t, vbv, vv = {}, {}, {}, 0.0, 0.0
  for i = 0, n - 1 do u[i] = 1.0 end
  for _ = 1, 10 do
    times(u, t, n)
    times_transposed(t, v, n)
    times(v, t, n)
    times_transposed(t, u, n)
  end
  for i = 0, n - 1 do
    vbv = vbv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(vbv / vv)
end
