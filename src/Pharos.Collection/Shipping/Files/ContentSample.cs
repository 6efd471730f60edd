using System.IO.Hashing;

namespace Pharos.Collection.Shipping.Files;

/// <summary>So many bytes, and their hash.</summary>
internal readonly record struct ContentSample(int Length, ulong Hash)
{
    public static ContentSample Of(ReadOnlySpan<byte> bytes) => bytes.Length == 0 ? default : new ContentSample(bytes.Length, XxHash3.HashToUInt64(bytes));
}
