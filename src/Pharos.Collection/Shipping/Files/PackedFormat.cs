namespace Pharos.Collection.Shipping.Files;

/// <summary>How a file's content is packed.</summary>
public enum PackedFormat
{
    None,
    Gzip,
    Zlib,
}
