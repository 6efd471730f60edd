using Pharos.Storage.State;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Tests.Cluster;

/// <summary>What a database does for nodes that share it, in memory and on a clock that the test moves.</summary>
internal sealed class SharedMemory(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Collection, string Key), (byte[]? Value, DateTimeOffset? ExpiresAt, long Revision, string Writer)> _rows = [];
    private readonly Dictionary<string, (string Address, DateTimeOffset SeenAt)> _nodes = new(StringComparer.Ordinal);
    private long _revision;
    private long _epoch;
    private string _holder = "";
    private DateTimeOffset _renewedAt = DateTimeOffset.UnixEpoch;
    private DateTimeOffset _expiresAt = DateTimeOffset.UnixEpoch;

    public Node Join(string name) => new(this, name);

    /// <summary>One node's way to it.</summary>
    internal sealed class Node(SharedMemory memory, string name) : ISharedStateStore
    {
        public event Action? Changed
        {
            // Nobody is told of anything: nodes must find out by asking.
            add { }
            remove { }
        }

        /// <summary>Whether every call fails, as with a cable that is out.</summary>
        public bool IsCutOff { get; set; }

        string ISharedStateStore.Node => name;

        public string Place => "memory";

        public long Revision() => Run(() => memory._revision);

        public IReadOnlyList<SharedChange> ChangesAfter(long revision, IReadOnlyList<string> collections, int limit) => Run(() => (IReadOnlyList<SharedChange>)
            [.. memory._rows.Where(row => row.Value.Revision > revision && row.Value.Writer != name && collections.Contains(row.Key.Collection))
                .OrderBy(row => row.Value.Revision)
                .Select(row => new SharedChange(row.Value.Revision, row.Key.Collection, row.Key.Key, row.Value.Value, row.Value.ExpiresAt))]);

        public bool Commit(IReadOnlyList<StateChange> changes, long epoch) => Run(() => memory._epoch == epoch && memory._holder == name && Write(changes));

        public LeaseReport Meet(LeaseRequest request) => Run(() =>
        {
            var now = memory.Now;
            memory._nodes[name] = (request.Address, now);
            var isHolder = memory._epoch == request.Epoch && memory._holder == name;
            if (request.Wish is LeaseWish.Release && isHolder)
            {
                (memory._holder, memory._renewedAt, memory._expiresAt) = ("", now, now);
            }
            else if (request.Wish is LeaseWish.Renew && isHolder)
            {
                (memory._renewedAt, memory._expiresAt) = (now, now + request.TimeToLive);
            }
            else if (request.Wish is LeaseWish.Acquire && memory._epoch == request.Epoch && memory._expiresAt <= now)
            {
                (memory._epoch, memory._holder, memory._renewedAt, memory._expiresAt) = (memory._epoch + 1, name, now, now + request.TimeToLive);
            }
            return new LeaseReport(memory._epoch, memory._holder, memory._expiresAt <= now, now - memory._renewedAt,
                [.. memory._nodes.Select(node => new StateNode(node.Key, node.Value.Address, now - node.Value.SeenAt))]);
        });

        public void Put(string collection, string key, byte[] value, DateTimeOffset? expiresAt = null) =>
            Commit([new StateChange(collection, key, value, expiresAt)]);

        public void PutAll(string collection, IReadOnlyList<StateEntry> entries) =>
            Commit([.. entries.Select(entry => new StateChange(collection, entry.Key, entry.Value, entry.ExpiresAt))]);

        public void Commit(IReadOnlyList<StateChange> changes) => Run(() => Write(changes));

        public bool Delete(string collection, string key) => Run(() => Write([new StateChange(collection, key, null)]));

        public StateEntry? Find(string collection, string key) => All(collection).SingleOrDefault(entry => entry.Key == key);

        public IReadOnlyList<StateEntry> All(string collection) => Run(() => (IReadOnlyList<StateEntry>)
            [.. memory._rows.Where(row => row.Key.Collection == collection && row.Value.Value is not null)
                .OrderBy(row => row.Key.Key, StringComparer.Ordinal)
                .Select(row => new StateEntry(row.Key.Key, row.Value.Value!, row.Value.ExpiresAt))]);

        public int Purge(DateTimeOffset now) => 0;

        public void Dispose()
        {
            // The memory is the test's.
        }

        private bool Write(IReadOnlyList<StateChange> changes)
        {
            memory._revision++;
            foreach (var change in changes)
            {
                memory._rows[(change.Collection, change.Key)] = (change.Value, change.ExpiresAt, memory._revision, name);
            }
            return true;
        }

        private T Run<T>(Func<T> action)
        {
            lock (memory._lock)
            {
                return IsCutOff ? throw new IOException("memory: cut off") : action();
            }
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
