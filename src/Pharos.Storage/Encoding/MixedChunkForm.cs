using Pharos.Storage.Histograms;

namespace Pharos.Storage.Encoding;

/// <summary>What a sample of a mixed chunk is, apart from its numbers; while it stays the same it costs one bit.</summary>
internal readonly record struct MixedChunkForm(MixedChunkForm.SampleKind Kind, CounterResetHint Hint, MixedChunkForm.StartRule Start)
{
    /// <summary>The numbers stand in files.</summary>
    public enum SampleKind
    {
        Number = 0,
        Histogram = 1,

        /// <summary>A histogram before which its layout stands; the ones after are plain histograms.</summary>
        HistogramWithLayout = 2,

        /// <summary>The staleness marker in the form of a histogram; nothing but its time is stored.</summary>
        StaleHistogram = 3,
    }

    /// <summary>The numbers stand in files.</summary>
    public enum StartRule
    {
        Unknown = 0,

        /// <summary>The same as that of the last sample of this rule.</summary>
        Constant = 1,

        /// <summary>The time of the sample before, as where each sample is a difference.</summary>
        SampleBefore = 2,
    }
}
