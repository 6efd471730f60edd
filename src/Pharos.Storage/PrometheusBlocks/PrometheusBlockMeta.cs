using System.Text.Json;
using System.Text.Json.Serialization;
using Pharos.Storage.Files;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>What a block's <c>meta.json</c> says.</summary>
public sealed record PrometheusBlockMeta
{
    internal const string FileName = "meta.json";
    private const int KnownVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
    };

    public string Ulid { get; init; } = "";

    public long MinTime { get; init; }

    /// <summary>Exclusive.</summary>
    public long MaxTime { get; init; }

    public BlockStats Stats { get; init; } = new();

    public BlockCompaction Compaction { get; init; } = new();

    public int Version { get; init; } = KnownVersion;

    /// <exception cref="CorruptFileException">The file is no such JSON, or of a version that is not known.</exception>
    public static PrometheusBlockMeta Read(string blockDirectory)
    {
        var path = Path.Combine(blockDirectory, FileName);
        try
        {
            var meta = JsonSerializer.Deserialize<PrometheusBlockMeta>(File.ReadAllBytes(path), Json);
            return meta is { Version: KnownVersion, Ulid: not null, Stats: not null, Compaction: not null } ? meta
                : throw new CorruptFileException(path, 0, $"version {meta?.Version} is not known");
        }
        catch (JsonException e)
        {
            throw new CorruptFileException(path, e.BytePositionInLine ?? 0, e.Message);
        }
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public sealed record BlockStats
    {
        public long NumSamples { get; init; }

        public long NumSeries { get; init; }

        public long NumChunks { get; init; }

        public long? NumFloatSamples { get; init; }

        public long? NumHistogramSamples { get; init; }

        public long? NumTombstones { get; init; }
    }

    public sealed record BlockCompaction
    {
        public int Level { get; init; } = 1;

        public IReadOnlyList<string>? Sources { get; init; }

        public IReadOnlyList<string>? Hints { get; init; }
    }
}
