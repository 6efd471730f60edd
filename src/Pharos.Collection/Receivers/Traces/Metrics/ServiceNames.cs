using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>Numbers for names of services, so that what is known by its service is found without a text being made.</summary>
/// <remarks>Not thread-safe. A name keeps its number until all are forgotten.</remarks>
internal sealed class ServiceNames
{
    /// <summary>The number of all names beyond the limit.</summary>
    public const int Overflow = 0;

    /// <summary>Stands for what there is too much of, as Tempo writes it.</summary>
    public const string OverflowName = "__cardinality_overflow__";

    private readonly int _most;
    private readonly List<ServiceName> _names = [new ServiceName("", OverflowName)];
    private readonly Dictionary<Known, int> _numbers;
    private readonly Dictionary<Known, int>.AlternateLookup<Sought> _lookup;

    public ServiceNames(int most)
    {
        _most = most;
        _numbers = new Dictionary<Known, int>(new Comparer());
        _lookup = _numbers.GetAlternateLookup<Sought>();
    }

    public ServiceName this[int number] => _names[number];

    public int Of(string tenant, ReadOnlySpan<byte> name)
    {
        var sought = new Sought(tenant, name);
        if (_lookup.TryGetValue(sought, out var number))
        {
            return number;
        }
        if (_names.Count > _most)
        {
            return Overflow;
        }
        _names.Add(new ServiceName(tenant, Encoding.UTF8.GetString(name)));
        return _lookup[sought] = _names.Count - 1;
    }

    private readonly record struct Known(string Tenant, byte[] Name);

    private readonly ref struct Sought(string tenant, ReadOnlySpan<byte> name)
    {
        public string Tenant { get; } = tenant;

        public ReadOnlySpan<byte> Name { get; } = name;
    }

    private sealed class Comparer : IEqualityComparer<Known>, IAlternateEqualityComparer<Sought, Known>
    {
        private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

        public bool Equals(Known left, Known right) => left.Tenant == right.Tenant && left.Name.AsSpan().SequenceEqual(right.Name);

        public bool Equals(Sought sought, Known known) => sought.Name.SequenceEqual(known.Name) && sought.Tenant == known.Tenant;

        public int GetHashCode(Known known) => HashOf(known.Name);

        public int GetHashCode(Sought sought) => HashOf(sought.Name);

        public Known Create(Sought sought) => new(sought.Tenant, sought.Name.ToArray());

        private int HashOf(ReadOnlySpan<byte> name) => (int)XxHash3.HashToUInt64(name, _seed);
    }
}
