using System.Globalization;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Model;

/// <summary>Ids as Jaeger writes and reads them.</summary>
internal static class JaegerIds
{
    private const string HexDigits = "0123456789abcdefABCDEF";

    /// <summary>16 digits where the upper half is zero, else 32.</summary>
    public static string Format(TraceId id) => id.High == 0 ? Format(id.Low) : id.ToString();

    public static string Format(ulong spanId) => spanId.ToString("x16", CultureInfo.InvariantCulture);

    /// <param name="error">What Jaeger says is wrong; empty where nothing is.</param>
    public static bool TryParse(string hex, out TraceId id, out string error)
    {
        error = "";
        if (TraceId.TryParse(hex, out id))
        {
            return true;
        }
        error = hex.Length > 2 * TraceId.Size ? $"TraceID cannot be longer than 32 hex characters: {hex}"
            : $"strconv.ParseUint: parsing {GoQuote.Quote(BadHalf(hex))}: invalid syntax";
        return false;
    }

    /// <summary>Both halves are read on their own; the first that is wrong is told.</summary>
    private static string BadHalf(string hex)
    {
        var split = Math.Max(0, hex.Length - TraceId.Size);
        return split > 0 && hex.AsSpan(0, split).IndexOfAnyExcept(HexDigits) >= 0 ? hex[..split] : hex[split..];
    }
}
