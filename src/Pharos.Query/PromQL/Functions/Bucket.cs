namespace Pharos.Query.PromQL.Functions;

/// <summary>A classic bucket: how many observations were at most <paramref name="UpperBound"/>.</summary>
internal readonly record struct Bucket(double UpperBound, double Count);
