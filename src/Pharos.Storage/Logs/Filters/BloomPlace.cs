namespace Pharos.Storage.Logs.Filters;

/// <summary>Where in a file a <see cref="BloomBits"/> is.</summary>
/// <param name="Offset">Of its first bit.</param>
/// <param name="Bits">How many it has.</param>
/// <param name="Probes">How many each hash has set.</param>
internal readonly record struct BloomPlace(long Offset, uint Bits, int Probes);
