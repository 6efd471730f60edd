using System.IO.Hashing;
using System.Security.Cryptography;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>Finds a <see cref="SpanName"/> by the bytes of a batch.</summary>
internal sealed class SpanNameComparer : IEqualityComparer<SpanName>, IAlternateEqualityComparer<SpanNameComparer.Sought, SpanName>
{
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public bool Equals(SpanName left, SpanName right) =>
        left.Kind == right.Kind && left.Status == right.Status && left.Name.AsSpan().SequenceEqual(right.Name);

    public bool Equals(Sought alternate, SpanName other) =>
        alternate.Kind == other.Kind && alternate.Status == other.Status && alternate.Name.SequenceEqual(other.Name);

    public int GetHashCode(SpanName obj) => HashOf(obj.Name, obj.Kind, obj.Status);

    public int GetHashCode(Sought alternate) => HashOf(alternate.Name, alternate.Kind, alternate.Status);

    public SpanName Create(Sought alternate) => new(alternate.Name.ToArray(), alternate.Kind, alternate.Status);

    private int HashOf(ReadOnlySpan<byte> name, SpanKind kind, SpanStatus status) =>
        (int)XxHash3.HashToUInt64(name, _seed) ^ ((((int)kind << 2) | (int)status) * 0x01000193);

    internal readonly ref struct Sought(ReadOnlySpan<byte> name, SpanKind kind, SpanStatus status)
    {
        public ReadOnlySpan<byte> Name { get; } = name;

        public SpanKind Kind { get; } = kind;

        public SpanStatus Status { get; } = status;
    }
}
