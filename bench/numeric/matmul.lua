-- SPDX-License-Identifier: MIT
return function(n)
  local a, b, c, trace = {}, {}, {}, 0.0
  for i = 0, n - 1 do
    a[i], b[i], c[i] = {}, {}, {}
    for j = 0, n - 1 do
      a[i][j] = i - j + 0.0
      b[i][j] = i + j + 0.0
    end
  end
  for i = 0, n - 1 do
    local row, to = a[i], c[i]
    for j = 0, n - 1 do
      local s = 0.0
      for k = 0, n - 1 do s = s + row[k] * b[k][j] end
      to[j] = s
    end
  end
  for i = 0, n - 1 do trace = trace + c[i][i] end
  return trace
end
