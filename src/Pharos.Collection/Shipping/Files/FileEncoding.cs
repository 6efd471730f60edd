using System.Text;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Encodings of files by their IANA names.</summary>
public static class FileEncoding
{
    public static bool IsKnown(string name) => Find(name) is not null;

    /// <summary>Null for a name that nobody knows. UTF-16 without a mark and without an order is big-endian.</summary>
    internal static Encoding? Find(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case "UTF-8" or "UTF8" or "":
                return Encoding.UTF8;
            case "UTF-16" or "UTF-16BE" or "UTF16":
                return Encoding.BigEndianUnicode;
            case "UTF-16LE":
                return Encoding.Unicode;
        }
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
