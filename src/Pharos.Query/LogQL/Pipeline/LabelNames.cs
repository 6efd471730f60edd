using System.Buffers;
using System.Text;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>Names from lines as names of labels.</summary>
internal static class LabelNames
{
    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <summary>Whether names may have such a byte.</summary>
    public static bool IsAllowed(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter == '_';

    /// <summary>Whether names may have such bytes, a leading digit aside.</summary>
    public static bool AreAllowed(ReadOnlySpan<byte> name) => name.IndexOfAnyExcept(Allowed) < 0;

    /// <summary>Writes a name with an underscore in place of each code point that no name may have, and before a leading digit.</summary>
    public static void AddSanitized(ReadOnlySpan<byte> name, ByteText output, bool isFirst)
    {
        if (isFirst && name.Length > 0 && char.IsAsciiDigit((char)name[0]))
        {
            output.Add((byte)'_');
        }
        while (name.Length > 0)
        {
            var good = name.IndexOfAnyExcept(Allowed);
            if (good < 0)
            {
                output.Add(name);
                return;
            }
            output.Add(name[..good]);
            output.Add((byte)'_');
            Rune.DecodeFromUtf8(name[good..], out _, out var length);
            name = name[(good + length)..];
        }
    }
}
