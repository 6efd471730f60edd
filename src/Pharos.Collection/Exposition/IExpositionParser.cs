using Pharos.Collection.Hashing;
using Pharos.Storage.Histograms;

namespace Pharos.Collection.Exposition;

/// <summary>Reads an exposition of one format entry by entry. Each parser is a struct over the body: no call is virtual.</summary>
/// <remarks>Spans live until the next <see cref="Next"/>, which never throws: a malformed body ends in
/// <see cref="ExpositionEntry.Fault"/> and <see cref="Fault"/> says why. What is inside an exemplar is read only when it is
/// asked for, and throws <see cref="InvalidDataException"/> where it is malformed.</remarks>
public interface IExpositionParser
{
    /// <summary>The family that a type, help or unit entry speaks of, as it was exposed.</summary>
    ReadOnlySpan<byte> Family { get; }

    /// <summary>The type, help or unit as it was exposed; decode it with <see cref="ReadText"/>.</summary>
    ReadOnlySpan<byte> Text { get; }

    /// <summary>Stands for name and labels: the same bytes always mean the same series.</summary>
    ReadOnlySpan<byte> Series { get; }

    /// <summary>Of a <see cref="ExpositionEntry.Series"/>.</summary>
    double Value { get; }

    /// <summary>Of a <see cref="ExpositionEntry.Histogram"/>: consistent, without empty buckets.</summary>
    /// <exception cref="InvalidDataException">It contradicts itself. The sample counts as scraped all the same.</exception>
    NativeHistogram ReadHistogram();

    /// <summary>Milliseconds since the Unix epoch, where the sample carries a timestamp.</summary>
    long? TimestampMs { get; }

    /// <summary>When the counter began, in milliseconds since the Unix epoch; 0 where that is not known.</summary>
    long StartTimeMs { get; }

    /// <summary>The same for the same exemplars; 0 where the sample has none.</summary>
    ulong ExemplarHash { get; }

    /// <summary>What is wrong, with the place; null before a fault.</summary>
    string? Fault { get; }

    ExpositionEntry Next();

    /// <summary>Steps to the next entry where it is a <see cref="ExpositionEntry.Series"/> whose text has this hash, without a look at its
    /// labels.</summary>
    /// <param name="expected">As <paramref name="hasher"/> made it of a <see cref="Series"/> of the same target; 0 for none.</param>
    /// <returns>False where nothing is known: <see cref="Next"/> then reads whatever is there.</returns>
    bool TryNext(TextHash expected, TextHasher hasher);

    /// <summary>The current type (<c>untyped</c> is <c>unknown</c>), help without escapes, or unit.</summary>
    string ReadText();

    string ReadFamily();

    /// <summary>Fills in the labels of the current series, bounds of buckets and quantiles in their canonical form.</summary>
    void ReadLabels(ExposedLabels into);

    /// <summary>Fills in the next exemplar of the current sample; false where there are no more.</summary>
    bool NextExemplar(ExposedExemplar into);
}
