using System.Globalization;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Model;

/// <summary>Numbers the processes of one trace, in the order in which its spans name them: p1, p2, ...</summary>
internal sealed class JaegerProcesses
{
    private readonly Dictionary<SpanResource, string> _byReference = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SpanResource, string> _byContent = new(SameProcess.Instance);
    private readonly List<SpanResource> _all = [];

    /// <summary>The first is p1.</summary>
    public IReadOnlyList<SpanResource> All => _all;

    public static string IdOf(int index) => string.Create(CultureInfo.InvariantCulture, $"p{index + 1}");

    public string IdOf(SpanResource resource)
    {
        if (_byReference.TryGetValue(resource, out var id))
        {
            return id;
        }
        if (!_byContent.TryGetValue(resource, out id))
        {
            id = IdOf(_all.Count);
            _all.Add(resource);
            _byContent.Add(resource, id);
        }
        _byReference.Add(resource, id);
        return id;
    }

    private sealed class SameProcess : IEqualityComparer<SpanResource>
    {
        public static readonly SameProcess Instance = new();

        public bool Equals(SpanResource? x, SpanResource? y) => x is null || y is null ? ReferenceEquals(x, y)
            : x.ServiceName == y.ServiceName && x.Attributes.SequenceEqual(y.Attributes);

        public int GetHashCode(SpanResource obj)
        {
            var hash = new HashCode();
            foreach (var attribute in obj.Attributes)
            {
                hash.Add(attribute.Key, StringComparer.Ordinal);
                hash.Add(attribute.Value);
            }
            return hash.ToHashCode();
        }
    }
}
