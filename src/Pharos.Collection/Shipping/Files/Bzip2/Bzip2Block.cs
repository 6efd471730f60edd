namespace Pharos.Collection.Shipping.Files.Bzip2;

/// <summary>One block: prefix codes, runs and move-to-front undone by <see cref="Read"/>, the sorting and the outer runs on the way out.</summary>
/// <remarks>Not thread-safe. Holds four bytes for each of the block's 100,000 to 900,000.</remarks>
internal sealed class Bzip2Block(int maxBytes)
{
    private const int SymbolsPerSelector = 50;
    private const int MaxSelectors = 18_002;

    /// <summary>So many equal bytes are followed by the number of further ones.</summary>
    private const int RunBytes = 4;

    /// <summary>The byte in the low 8 bits; above it the place of the byte that follows it in the text.</summary>
    private readonly uint[] _links = new uint[maxBytes];
    private int _length;
    private uint _origin;

    private uint _link;
    private int _left;
    private int _equal;
    private int _last;
    private int _repeats;

    public void Read(Bzip2Bits bits)
    {
        if (bits.ReadFlag())
        {
            throw new InvalidDataException("the bzip2 data are randomised, as versions before 0.9.5 wrote them");
        }
        _origin = bits.Read(24);
        var front = ReadUsed(bits);
        var (codes, selectors) = ReadCodes(bits, front.Length + 2);
        ReadSymbols(bits, front, codes, selectors);
        if (_origin >= _length)
        {
            throw new InvalidDataException("a bzip2 block begins outside of itself");
        }
        Link();
        Rewind();
    }

    /// <summary>Back to the first byte.</summary>
    public void Rewind()
    {
        _link = _links[_origin] >> 8;
        (_left, _equal, _last, _repeats) = (_length, 0, -1, 0);
    }

    /// <summary>Writes the next bytes; 0 at the end.</summary>
    public int Write(Span<byte> room)
    {
        var written = 0;
        while (written < room.Length)
        {
            if (_repeats > 0)
            {
                var run = Math.Min(_repeats, room.Length - written);
                room.Slice(written, run).Fill((byte)_last);
                (_repeats, written) = (_repeats - run, written + run);
                continue;
            }
            if (_left == 0)
            {
                break;
            }
            _left--;
            var entry = _links[_link];
            var value = (byte)entry;
            _link = entry >> 8;
            if (_equal == RunBytes)
            {
                (_repeats, _equal) = (value, 0);
                continue;
            }
            _equal = value == _last ? _equal + 1 : 1;
            _last = value;
            room[written++] = value;
        }
        return written;
    }

    /// <summary>The bytes that occur, rising: 16 bits for the ranges of 16, then 16 for each that has any.</summary>
    private static byte[] ReadUsed(Bzip2Bits bits)
    {
        var used = new List<byte>();
        var ranges = bits.Read(16);
        for (var range = 0; range < 16; range++)
        {
            var members = (ranges & (0x8000u >> range)) != 0 ? bits.Read(16) : 0;
            for (var i = 0; i < 16; i++)
            {
                if ((members & (0x8000u >> i)) != 0)
                {
                    used.Add((byte)((range * 16) + i));
                }
            }
        }
        return used.Count > 0 ? [.. used] : throw new InvalidDataException("a bzip2 block has no bytes");
    }

    private static (Bzip2Code[] Codes, byte[] Selectors) ReadCodes(Bzip2Bits bits, int symbols)
    {
        var count = (int)bits.Read(3);
        var selectors = (int)bits.Read(15);
        if (count is < 2 or > 6 || selectors < 1)
        {
            throw new InvalidDataException($"a bzip2 block has {count} codes and {selectors} selectors");
        }
        byte[] order = [0, 1, 2, 3, 4, 5];
        // Some writers have more than the block can need: they are read and mean nothing.
        var selected = new byte[Math.Min(selectors, MaxSelectors)];
        for (var i = 0; i < selectors; i++)
        {
            var place = 0;
            while (bits.ReadFlag())
            {
                if (++place >= count)
                {
                    throw new InvalidDataException("a bzip2 block selects a code that it does not have");
                }
            }
            var code = ToFront(order, place);
            if (i < selected.Length)
            {
                selected[i] = code;
            }
        }
        var codes = new Bzip2Code[count];
        for (var i = 0; i < count; i++)
        {
            codes[i] = Bzip2Code.Read(bits, symbols);
        }
        return (codes, selected);
    }

    /// <summary>Symbols 0 and 1 are the digits of a run's length, lowest first, worth 1 and 2; the last one ends the block; the others
    /// are places behind the front.</summary>
    private void ReadSymbols(Bzip2Bits bits, byte[] front, Bzip2Code[] codes, byte[] selectors)
    {
        var end = front.Length + 1;
        var (selector, left) = (0, 0);
        var code = codes[0];
        var (run, weight) = (0, 1);
        _length = 0;
        while (true)
        {
            if (left == 0)
            {
                code = selector < selectors.Length ? codes[selectors[selector++]]
                    : throw new InvalidDataException("a bzip2 block is longer than its selectors");
                left = SymbolsPerSelector;
            }
            left--;
            var symbol = code.Next(bits);
            if (symbol <= 1)
            {
                run += weight << symbol;
                weight <<= 1;
                if (run > maxBytes)
                {
                    throw TooLong();
                }
                continue;
            }
            if (run > 0)
            {
                Add(front[0], run);
                (run, weight) = (0, 1);
            }
            if (symbol == end)
            {
                return;
            }
            Add(ToFront(front, symbol - 1), 1);
        }
    }

    private void Add(byte value, int count)
    {
        if (count > maxBytes - _length)
        {
            throw TooLong();
        }
        _links.AsSpan(_length, count).Fill(value);
        _length += count;
    }

    /// <summary>The n-th occurrence of a byte in the last column is followed by what the n-th of it in the sorted first column leads to.</summary>
    private void Link()
    {
        Span<int> next = stackalloc int[257];
        next.Clear();
        for (var i = 0; i < _length; i++)
        {
            next[(byte)_links[i] + 1]++;
        }
        for (var value = 1; value < next.Length; value++)
        {
            next[value] += next[value - 1];
        }
        for (var i = 0; i < _length; i++)
        {
            _links[next[(byte)_links[i]]++] |= (uint)i << 8;
        }
    }

    private static byte ToFront(byte[] order, int place)
    {
        var value = order[place];
        order.AsSpan(0, place).CopyTo(order.AsSpan(1));
        order[0] = value;
        return value;
    }

    private static InvalidDataException TooLong() => new("a bzip2 block is longer than the file's head says");
}
