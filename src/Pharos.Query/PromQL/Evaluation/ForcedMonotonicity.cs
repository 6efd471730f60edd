using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Where and how far classic buckets had to be raised, over all samples that one info speaks of.</summary>
internal sealed record ForcedMonotonicity(
    long MinTimeMs, long MaxTimeMs, double MinBucket, double MaxBucket, double MaxDifference, int Samples = 1)
{
    public ForcedMonotonicity Join(ForcedMonotonicity other) => new(
        Math.Min(MinTimeMs, other.MinTimeMs), Math.Max(MaxTimeMs, other.MaxTimeMs), Math.Min(MinBucket, other.MinBucket),
        Math.Max(MaxBucket, other.MaxBucket), Math.Max(MaxDifference, other.MaxDifference), Samples + other.Samples);

    /// <summary>Puts the details into the info's text, before the position at its end.</summary>
    public string Describe(string text)
    {
        var position = text.LastIndexOf(" (", StringComparison.Ordinal);
        return $"{text[..position]}, from buckets {GoFloat.FormatG(MinBucket)} to {GoFloat.FormatG(MaxBucket)}, with a max " +
            $"diff of {TwoDigits(MaxDifference)}, over {Samples} samples from {Time(MinTimeMs)} to {Time(MaxTimeMs)}" +
            text[position..];
    }

    /// <summary>As Go's <c>%.2g</c>.</summary>
    private static string TwoDigits(double value)
    {
        var rounded = double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Abs(rounded) >= 100 ? rounded.ToString("0.#e+00", CultureInfo.InvariantCulture) : GoFloat.FormatG(rounded);
    }

    private static string Time(long timeMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
