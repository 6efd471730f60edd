using System.Globalization;
using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>FNV-1a, 64 bits, over the sorted labels as <c>name 0xff value 0xff</c>: Prometheus' and Alertmanager's
/// fingerprint of a label set (common/model/signature.go).</summary>
public static class Fingerprint
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const byte Separator = 255;
    private const int MaxBytesOnStack = 256;

    public static ulong Of(LabelSet labels)
    {
        var hash = OffsetBasis;
        foreach (var label in labels.Span)
        {
            hash = Add(Add(hash, label.Name), label.Value);
        }
        return hash;
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public static string Text(ulong fingerprint) => fingerprint.ToString("x16", CultureInfo.InvariantCulture);

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> buffer = stackalloc byte[MaxBytesOnStack];
        var bytes = Encoding.UTF8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * Prime;
        }
        return (hash ^ Separator) * Prime;
    }
}
