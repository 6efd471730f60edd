namespace Pharos.Storage.Metrics.Head.Memory;

[Flags]
internal enum SeriesFlags : byte
{
    None = 0,

    /// <summary>The log and the index know the series. Guarded by the head's commit lock.</summary>
    IsLogged = 1,

    /// <summary>The series has left the head; an appender that still holds it looks its labels up again. Guarded by the
    /// head's commit lock.</summary>
    IsRemoved = 2,

    /// <summary>The open chunk is one of any kind of sample, and stands in the <see cref="SeriesParts"/>.</summary>
    IsMixed = 4,

    /// <summary>The page has <see cref="SeriesParts"/> of the series.</summary>
    HasParts = 8,

    /// <summary>The open chunk is one of steps.</summary>
    IsStepped = 16,

    /// <summary>The last chunk of steps ended early: the next is one of XOR.</summary>
    PrefersXor = 32,

    /// <summary>A chunk of it could not be read at the start: the newest value may be one that is not there any more.</summary>
    HasLost = 64,
}
