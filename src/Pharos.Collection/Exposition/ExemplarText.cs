using System.IO.Hashing;

namespace Pharos.Collection.Exposition;

/// <summary>Decodes an exemplar of an OpenMetrics body that was found good, from behind its brace to the line's end.</summary>
internal static class ExemplarText
{
    public static ulong Hash(ReadOnlySpan<byte> body, int place) => XxHash3.HashToUInt64(Line(body, place));

    public static void Read(ReadOnlySpan<byte> body, int place, ExposedExemplar into)
    {
        into.Labels.Clear();
        var named = true;
        LabelBlock.Read(body, ref place, LabelSyntax.Exemplar, ref named, into.Labels);
        var rest = Line(body, place + 1);
        var blank = rest.IndexOf((byte)' ');
        into.Value = Number(blank < 0 ? rest : rest[..blank]);
        into.TimestampMs = blank < 0 ? null : (long)(Number(rest[(blank + 1)..]) * 1000);
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> body, int place) =>
        body.Slice(place, body[place..].IndexOf((byte)'\n'));

    private static double Number(ReadOnlySpan<byte> text) =>
        ExpositionNumber.TryParse(text, out var value) ? value : throw new ArgumentException("not checked before", nameof(text));
}
