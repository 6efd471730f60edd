namespace Pharos.Storage.Histograms;

/// <summary>A run of consecutive buckets.</summary>
/// <param name="Offset">For the first span the index of its first bucket, for others the gap since the last bucket.</param>
/// <param name="Length">How many buckets.</param>
public readonly record struct BucketSpan(int Offset, int Length);
