using System.Buffers.Binary;

namespace Pharos.Fuzz.Targets;

/// <summary>Several records as one input: each behind its length in two bytes. What is cut off is the last record.</summary>
internal static class LengthPrefixed
{
    public static byte[] Join(IEnumerable<byte[]> records)
    {
        var joined = new List<byte>();
        foreach (var record in records)
        {
            joined.Add((byte)record.Length);
            joined.Add((byte)(record.Length >> 8));
            joined.AddRange(record);
        }
        return [.. joined];
    }

    public static IEnumerable<byte[]> Split(byte[] input)
    {
        for (var at = 0; at + 2 <= input.Length;)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(at)), input.Length - at - 2);
            yield return input[(at + 2)..(at + 2 + length)];
            at += 2 + length;
        }
    }
}
