using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>Makes JSON readable whose text is no valid Unicode, as Go reads it: U+FFFD stands for what is broken, so that one
/// bad alert does not cost the good ones beside it.</summary>
internal static class GoText
{
    private const int EscapeLength = 6;

    /// <summary>May write into the bytes given; returns them, or a repaired copy.</summary>
    public static Memory<byte> Repair(Memory<byte> json)
    {
        var valid = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        RepairEscapes(valid.Span);
        return valid;
    }

    private static void RepairEscapes(Span<byte> valid)
    {
        for (var i = valid.IndexOf((byte)'\\'); i >= 0 && i + 1 < valid.Length; i++)
        {
            if (valid[i] != (byte)'\\')
            {
                continue;
            }
            // Whatever is escaped, a backslash too, is not the start of an escape.
            if (Escaped(valid, i) is not { } unit)
            {
                i++;
                continue;
            }
            if (char.IsHighSurrogate(unit) && Escaped(valid, i + EscapeLength) is { } next && char.IsLowSurrogate(next))
            {
                i += (2 * EscapeLength) - 1;
                continue;
            }
            if (char.IsSurrogate(unit))
            {
                "FFFD"u8.CopyTo(valid[(i + 2)..]);
            }
            i += EscapeLength - 1;
        }
    }

    /// <summary>The unit that <c>\uXXXX</c> at this place stands for, or null where none is there.</summary>
    private static char? Escaped(ReadOnlySpan<byte> json, int at) =>
        at + EscapeLength <= json.Length && json[at] == (byte)'\\' && json[at + 1] == (byte)'u'
        && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var used, 'X') && used == 4 ? (char)unit : null;
}
