-- Generated from src-ts/lib/heap.ts: edit that file, then run npm run build.
-- A binary heap: the least item of many in a few steps.
local _M = {}

--- An empty heap in the order of `before`.
function _M.new_heap(before)
    return {items = {}, before = before}
end

local function swap(items, i, j)
    local item = items[i + 1]
    items[i + 1] = items[j + 1]
    items[j + 1] = item
end

--- Adds an item.
function _M.push(heap, item)
    local ____heap_0 = heap
    local items = ____heap_0.items
    local before = ____heap_0.before
    table.insert(items, item)
    local index = #items - 1
    while index > 0 do
        local parent = math.floor((index - 1) / 2)
        if not before(items[index + 1], items[parent + 1]) then
            return
        end
        swap(items, index, parent)
        index = parent
    end
end

--- The index of the child that comes first, if it comes before its parent.
local function first_child(heap, parent)
    local ____heap_1 = heap
    local items = ____heap_1.items
    local before = ____heap_1.before
    local first = parent
    for ____, child in ipairs({2 * parent + 1, 2 * parent + 2}) do
        if child < #items and before(items[child + 1], items[first + 1]) then
            first = child
        end
    end
    local ____temp_2
    if first == parent then
        ____temp_2 = nil
    else
        ____temp_2 = first
    end
    return ____temp_2
end

local function sink(heap)
    local index = 0
    local child = first_child(heap, index)
    while child ~= nil do
        swap(heap.items, index, child)
        index = child
        child = first_child(heap, index)
    end
end

--- Takes the first item out; nil when there is none.
function _M.pop(heap)
    local ____heap_3 = heap
    local items = ____heap_3.items
    local first = items[1]
    local last = table.remove(items)
    if last ~= nil and #items > 0 then
        items[1] = last
        sink(heap)
    end
    return first
end
return _M
