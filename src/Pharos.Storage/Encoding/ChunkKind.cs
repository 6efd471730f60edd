namespace Pharos.Storage.Encoding;

/// <summary>How the samples of a chunk are packed. The numbers stand in files.</summary>
internal enum ChunkKind
{
    /// <summary>Numbers without start times: <see cref="XorChunkWriter"/>.</summary>
    Xor = 0,

    /// <summary>Numbers and native histograms in any order, with or without start times: <see cref="MixedChunkWriter"/>.</summary>
    Mixed = 1,

    /// <summary>Numbers without start times, by columns: <see cref="Vectors.VectorChunk"/>. Only full chunks are packed so.</summary>
    Vector = 2,

    /// <summary>Numbers of few decimals without start times, as steps: <see cref="StepChunkReader"/>. Only the head has such, and its
    /// chunk files.</summary>
    Step = 3,
}
