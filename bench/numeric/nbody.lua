-- SPDX-License-Identifier: MIT
local sqrt = math.sqrt
local function place(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx * 365.24, vy = vy * 365.24, vz = vz * 365.24, mass = mass * 39.47841760435743 }
end
local function advance(b, count, dt)
  for i = 1, count do
    local p = b[i]
    for j = i + 1, count do
      local q = b[j]
      local dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
      local square = dx * dx + dy * dy + dz * dz
      local mag = dt / (square * sqrt(square))
      p.vx = p.vx - dx * q.mass * mag
      p.vy = p.vy - dy * q.mass * mag
      p.vz = p.vz - dz * q.mass * mag
      q.vx = q.vx + dx * p.mass * mag
      q.vy = q.vy + dy * p.mass * mag
      q.vz = q.vz + dz * p.mass * mag
    end
  end
  for i = 1, count do
    local p = b[i]
    p.x = p.x + dt * p.vx
    p.y = p.y + dt * p.vy
    p.z = p.z + dt * p.vz
  end
end
return function(n)
  local b = {
    place(0, 0, 0, 0, 0, 0, 1),
    place(4.841431442464721, -1.1603200440274284, -0.10362204447112311, 0.001660076642744037, 0.007699011184197404,
      -0.0000690460016972063, 0.0009547919384243266),
    place(8.34336671824458, 4.124798564124305, -0.4035234171143214, -0.002767425107268624, 0.004998528012349172,
      0.00002304172975737639, 0.0002858859806661308),
    place(12.894369562139131, -15.111151401698631, -0.22330757889265573, 0.002964601375647616, 0.0023784717395948095,
      -0.000029658956854023756, 0.00004366244043351563),
    place(15.379697114850917, -25.919314609987964, 0.17925877295037118, 0.0026806777249038932, 0.001628241700382423,
      -0.00009515922545197159, 0.00005151389020466115),
  }
  for _ = 1, n do advance(b, 5, 0.01) end
  return b[1].x + b[2].y + b[5].vz
end
