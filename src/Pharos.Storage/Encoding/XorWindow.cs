namespace Pharos.Storage.Encoding;

/// <summary>The bits of a double that changed last: so many leading and trailing zeros around them.</summary>
/// <remarks>The default is closed: nothing has changed yet.</remarks>
internal readonly struct XorWindow(byte leading, byte trailing)
{
    private readonly byte _width = (byte)(64 - leading - trailing);

    public int Leading { get; } = leading;

    public int Trailing { get; } = trailing;

    public int Width => _width;

    public bool IsOpen => _width > 0;
}
