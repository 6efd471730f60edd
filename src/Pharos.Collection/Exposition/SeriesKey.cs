namespace Pharos.Collection.Exposition;

/// <summary>Bytes that stand for a series where the body holds none that do. Reused.</summary>
internal sealed class SeriesKey
{
    /// <summary>No byte of UTF-8: keeps parts apart, and such keys from the texts of series.</summary>
    public const byte Separator = 0xff;

    private byte[] _bytes = new byte[256];
    private int _length;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public int Length => _length;

    /// <summary>Keeps the first bytes only.</summary>
    public void Cut(int length) => _length = length;

    public SeriesKey Add(ReadOnlySpan<byte> bytes)
    {
        while (_bytes.Length - _length < bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    public SeriesKey AddSeparator() => Add([Separator]);
}
