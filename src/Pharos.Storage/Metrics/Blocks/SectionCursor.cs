using System.Buffers;
using Pharos.Storage.Files;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Reads a section from a place on, through a window that is small at first and grows as it is moved on.</summary>
/// <remarks>Not thread-safe. Refuses to read beyond the section. Disposing gives the window back.</remarks>
internal sealed class SectionCursor : IDisposable
{
    private const int FirstWindowBytes = BlockSection.PageBytes;
    private const int MaxWindowBytes = 32 * 1024;
    private const int MaxVarintBytes = 10;

    private readonly BlockSection _section;
    private byte[] _window;
    private int _windowBytes;
    private int _from;
    private int _at;
    private int _length;

    public SectionCursor(BlockSection section, int place)
    {
        _section = section;
        _window = ArrayPool<byte>.Shared.Rent(MaxWindowBytes);
        _windowBytes = FirstWindowBytes;
        _from = place >= 0 && place <= section.SizeBytes ? place : throw section.Corrupt(0, $"a place at byte {place} of {section.SizeBytes}");
    }

    /// <summary>Within the section.</summary>
    public int Position
    {
        get => _from + _at;
        set
        {
            if (value >= _from && value <= _from + _length)
            {
                _at = value - _from;
                return;
            }
            _from = value >= 0 && value <= _section.SizeBytes ? value : throw Corrupt($"a place at byte {value} of {_section.SizeBytes}");
            (_at, _length) = (0, 0);
        }
    }

    public int Remaining => _section.SizeBytes - Position;

    public ulong UVarint()
    {
        Need(MaxVarintBytes);
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at == _length)
            {
                throw Corrupt("the section ends within a number");
            }
            var part = _window[_at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
        throw Corrupt("a number longer than 64 bits");
    }

    public long Varint()
    {
        var value = UVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number of things that follow, each of at least <paramref name="minBytesEach"/> bytes.</summary>
    public int Count(int minBytesEach = 1)
    {
        var count = UVarint();
        return count <= (ulong)(Remaining / minBytesEach) ? (int)count : throw Corrupt($"a count of {count} with {Remaining} bytes left");
    }

    /// <summary>A number that is below another.</summary>
    public int Below(int count)
    {
        var number = UVarint();
        return number < (ulong)count ? (int)number : throw Corrupt($"number {number} of {count}");
    }

    /// <summary>Bytes that are good until the cursor moves on.</summary>
    public ReadOnlySpan<byte> Take(int size)
    {
        Need(size);
        if (size > _length - _at)
        {
            throw Corrupt($"{size} bytes wanted with {Remaining} left");
        }
        _at += size;
        return _window.AsSpan(_at - size, size);
    }

    public void Skip(int size) => Position = size <= Remaining ? Position + size : throw Corrupt($"{size} bytes wanted with {Remaining} left");

    public string Text() => System.Text.Encoding.UTF8.GetString(Take(Count()));

    public CorruptFileException Corrupt(string reason) => _section.Corrupt(Position, reason);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_window);

    /// <summary>Moves the window where it has fewer bytes than wanted, and the section has more.</summary>
    private void Need(int size)
    {
        if (_length - _at >= size || _from + _length == _section.SizeBytes)
        {
            return;
        }
        var place = Position;
        _from = place & ~(BlockSection.PageBytes - 1);
        _at = place - _from;
        var wanted = Math.Max((long)_at + size, _windowBytes);
        _length = (int)Math.Min((wanted + BlockSection.PageBytes - 1) & ~(BlockSection.PageBytes - 1L), _section.SizeBytes - _from);
        _windowBytes = Math.Min(_windowBytes * 2, MaxWindowBytes);
        if (_length > _window.Length)
        {
            ArrayPool<byte>.Shared.Return(_window);
            _window = ArrayPool<byte>.Shared.Rent(_length);
        }
        _section.Read(_from, _window.AsSpan(0, _length));
    }
}
