namespace Pharos.Collection.Shipping.Files.Bzip2;

/// <summary>Reads bits, the highest of each byte first.</summary>
/// <remarks>Not thread-safe. Reads ahead of what it gives.</remarks>
internal sealed class Bzip2Bits(Stream packed)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _at;
    private int _length;
    private ulong _bits;
    private int _count;

    /// <summary>Whether nothing follows. Only at the bounds of bytes.</summary>
    public bool IsAtEnd => _count == 0 && !Fill();

    /// <param name="count">1 to 32.</param>
    /// <exception cref="InvalidDataException">There are no more.</exception>
    public uint Read(int count)
    {
        while (_count < count)
        {
            if (!Fill())
            {
                throw new InvalidDataException("the bzip2 data end in the middle");
            }
            _bits = (_bits << 8) | _buffer[_at++];
            _count += 8;
        }
        _count -= count;
        return (uint)(_bits >> _count) & (uint)((1UL << count) - 1);
    }

    public bool ReadFlag() => Read(1) != 0;

    /// <summary>Steps over what is left of a byte.</summary>
    public void Align() => _count &= ~7;

    private bool Fill()
    {
        if (_at == _length)
        {
            (_at, _length) = (0, packed.Read(_buffer, 0, _buffer.Length));
        }
        return _length > 0;
    }
}
