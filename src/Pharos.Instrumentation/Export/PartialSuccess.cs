using System.Text;

namespace Pharos.Instrumentation.Export;

/// <summary>Reads the one thing that is of interest in an <c>ExportTraceServiceResponse</c>:
/// <c>partial_success{rejected_spans, error_message}</c>.</summary>
internal static class PartialSuccess
{
    /// <returns>Zero and nothing for what cannot be read: the batch was taken.</returns>
    public static (long Rejected, string Message) Read(ReadOnlySpan<byte> answer)
    {
        var rejected = 0L;
        var message = "";
        if (Next(ref answer, out var field, out _, out var partial) && field == 1)
        {
            while (Next(ref partial, out field, out var number, out var bytes))
            {
                rejected = field == 1 ? (long)number : rejected;
                message = field == 2 ? Encoding.UTF8.GetString(bytes) : message;
            }
        }
        return (rejected, message);
    }

    private static bool Next(ref ReadOnlySpan<byte> from, out int field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        field = 0;
        number = 0;
        bytes = default;
        if (!Varint(ref from, out var tag) || !Varint(ref from, out number))
        {
            return false;
        }
        field = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                return true;
            case 2 when number <= (ulong)from.Length:
                bytes = from[..(int)number];
                from = from[(int)number..];
                return true;
            default:
                return false;
        }
    }

    private static bool Varint(ref ReadOnlySpan<byte> from, out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(10, from.Length); i++)
        {
            value |= (ulong)(from[i] & 0x7f) << (7 * i);
            if (from[i] < 0x80)
            {
                from = from[(i + 1)..];
                return true;
            }
        }
        return false;
    }
}
