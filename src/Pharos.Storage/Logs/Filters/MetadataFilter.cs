using System.IO.Hashing;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Filters;

/// <summary>Knows of a name and a value whether some entry of a block may have them as structured metadata.</summary>
internal static class MetadataFilter
{
    private const double Bits = 10;
    private const int Probes = 5;

    /// <summary>False only if no entry that the filter was made of has the value.</summary>
    public static bool MayHave(ReadOnlySpan<byte> filter, string name, ReadOnlySpan<byte> value) =>
        !BloomBits.TryTake(ref filter, out var pairs) || BloomBits.MayContain(pairs, HashOf(SeedOf(name), value));

    public static void Write(IReadOnlyList<LogMetadataColumn> columns, ByteWriter into)
    {
        var hashes = new List<ulong>();
        foreach (var column in columns)
        {
            var seed = SeedOf(column.Name);
            for (var i = 0; i < column.Values; i++)
            {
                hashes.Add(HashOf(seed, column.Value(i)));
            }
        }
        BloomBits.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hashes), Bits, Probes, into);
    }

    private static long SeedOf(string name) => (long)XxHash3.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(name));

    private static ulong HashOf(long seed, ReadOnlySpan<byte> value) => XxHash3.HashToUInt64(value, seed);
}
