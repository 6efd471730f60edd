namespace Pharos.Collection.Shipping.Files;

/// <summary>How a file's content is packed.</summary>
/// <remarks>The numbers are kept with positions.</remarks>
public enum PackedFormat
{
    None,
    Gzip,
    Zlib,
    Bzip2,
}
