using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.State;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Cluster;

/// <summary>This process as one of those that share the state: meets the others every second, takes the lease where nobody has it, and
/// says whether this node leads.</summary>
/// <remarks>Thread-safe. Locks are taken in this order: the turn (one meeting at a time), the node's state, the role. A leader stops in
/// two steps: nothing new begins as soon as the state cannot be written; what is under way is cancelled when the lease is over by
/// the node's own clocks, which is before the database gives it to anybody else.</remarks>
internal sealed class ClusterNode : IAsyncDisposable
{
    private const int PageSize = 1_000;

    /// <summary>Timers keep another clock than the lease and may be a little early; the next one would never come.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(20);

    private readonly Lock _turn = new();
    private readonly Lock _role = new();
    private readonly ISharedStateStore _shared;
    private readonly string _address;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClusterMetrics _metrics;
    private readonly ITimer _timer;
    private readonly ITimer _deadline;
    private readonly NodeState _state;
    private IClusterDuty? _duty;
    private long _position;
    private bool _isDisposed;
    private bool _isAway;
    private int _hasWord;

    // Guarded by the turn.
    private LeaseReport? _last;
    private long? _expiredSince;
    private DateTimeOffset _leaderSeen;
    private long? _lastHeld;

    // Guarded by the role.
    private long? _held;
    private long _renewedAt;
    private DateTimeOffset _renewedUtc;
    private bool _isValid;
    private bool _isServing;
    private long _service;
    private CancellationTokenSource _term = new();

    /// <param name="address">Where this node is reached, for whoever looks at the cluster.</param>
    public ClusterNode(ISharedStateStore shared, string address, TimeProvider time, ILogger logger, Meter meter)
    {
        _shared = shared;
        _address = address;
        _time = time;
        _logger = logger;
        _state = new NodeState(shared, () => HeldEpoch, Suspend, Depose, logger);
        // Before anything is loaded: what is changed meanwhile is taken in twice, and nothing never.
        _position = shared.Revision();
        _timer = time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deadline = time.CreateTimer(_ => EndIfOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _metrics = new ClusterMetrics(meter, this);
    }

    /// <summary>The shared state as this node may write it.</summary>
    public IStateStore State => _state;

    /// <summary>Whether this node sends what is due.</summary>
    public bool IsLeading
    {
        get
        {
            lock (_role)
            {
                return _isServing && HoldsNow();
            }
        }
    }

    /// <summary>Whether what is under way may go on: the lease is not over yet.</summary>
    public bool HoldsLease
    {
        get
        {
            lock (_role)
            {
                return HoldsNow();
            }
        }
    }

    /// <summary>Cancelled when the lease that is held now is over.</summary>
    public CancellationToken Term
    {
        get
        {
            lock (_role)
            {
                return _term.Token;
            }
        }
    }

    /// <summary>Counts the times that this node began to lead.</summary>
    public long Service
    {
        get
        {
            lock (_role)
            {
                return _service;
            }
        }
    }

    public bool IsAway => Volatile.Read(ref _isAway);

    public long Epoch => HeldEpoch ?? 0;

    public TimeSpan Remaining
    {
        get
        {
            lock (_role)
            {
                var left = LeaseTerms.TimeToLive - LeaseTerms.Margin - _time.GetElapsedTime(_renewedAt);
                return HoldsNow() && left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Whether something waits for the state's return, alerts that were posted before included.</summary>
    public bool HasUnwritten => _state.WaitingCount > 0;

    private long? HeldEpoch
    {
        get
        {
            lock (_role)
            {
                return _held;
            }
        }
    }

    /// <summary>Meets the others from now on; the first time before it returns.</summary>
    public void Start(IClusterDuty duty)
    {
        lock (_turn)
        {
            _duty = duty;
        }
        _shared.Changed += Hear;
        Turn();
        _timer.Change(LeaseTerms.Interval, LeaseTerms.Interval);
    }

    public ClusterSnapshot Snapshot()
    {
        var last = Volatile.Read(ref _last);
        var peers = (last?.Nodes ?? []).Select(static node => new ClusterPeer(node.Name, node.Address, node.SinceSeen > LeaseTerms.TimeToLive));
        return new ClusterSnapshot(_shared.Node, last is not null && !IsAway,
            last is null or { IsExpired: true } ? "" : last.Holder, [.. peers.OrderByDescending(peer => peer.Name == _shared.Node)]);
    }

    /// <summary>Gives the lease back: nothing may be sent any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _shared.Changed -= Hear;
        await _timer.DisposeAsync();
        await _deadline.DisposeAsync();
        lock (_turn)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
            var epoch = HeldEpoch ?? 0;
            End("this node stops", isOver: true);
            try
            {
                _shared.Meet(new LeaseRequest(_address, LeaseWish.Release, epoch, LeaseTerms.TimeToLive));
            }
            catch (IOException)
            {
                // The others wait for its end.
            }
        }
    }

    /// <summary>One meeting. Runs on the timer's thread; where the last one still waits for the database, this one stays out.</summary>
    private void Turn()
    {
        if (!_turn.TryEnter())
        {
            return;
        }
        try
        {
            if (!_isDisposed && _duty is not null)
            {
                Meet();
                // Whoever finds the lease free at his first look need not wait for the second.
                if (LeaseDecision.Decide(HeldEpoch, _last, ExpiredFor()).Wish is LeaseWish.Acquire)
                {
                    Meet();
                }
                Receive();
                Volatile.Write(ref _isAway, false);
                _state.CommitWaiting();
                ServeIfHeld();
            }
        }
        catch (IOException exception)
        {
            _metrics.Failures.Add(1);
            if (!Volatile.Read(ref _isAway))
            {
                Volatile.Write(ref _isAway, true);
                _logger.LogError("The shared state cannot be reached: {Reason}. Silences are refused, notifications wait, alerts are kept in memory",
                    exception.Message);
            }
        }
        catch (Exception exception)
        {
            // Whatever it was: the next turn must come.
            _logger.LogError(exception, "A meeting of the nodes failed");
        }
        finally
        {
            _turn.Exit();
        }
    }

    private void Meet()
    {
        var (wish, epoch) = LeaseDecision.Decide(HeldEpoch, _last, ExpiredFor());
        var (sentAt, sentUtc) = (_time.GetTimestamp(), _time.GetUtcNow());
        var report = _shared.Meet(new LeaseRequest(_address, wish, epoch, LeaseTerms.TimeToLive));
        if (IsAway)
        {
            _logger.LogInformation("The shared state is reached again");
        }
        Volatile.Write(ref _last, report);
        _expiredSince = report.IsExpired ? _expiredSince ?? _time.GetTimestamp() : null;
        if (report.Holder != _shared.Node)
        {
            _leaderSeen = sentUtc - report.SinceRenewal;
            if (HeldEpoch is not null)
            {
                Depose();
            }
            return;
        }
        lock (_role)
        {
            _held = report.Epoch;
            if (wish is not LeaseWish.Look)
            {
                (_renewedAt, _renewedUtc, _isValid) = (sentAt, sentUtc, true);
                _deadline.Change(LeaseTerms.TimeToLive - LeaseTerms.Margin + TimerSlack, Timeout.InfiniteTimeSpan);
            }
            if (_isServing)
            {
                _leaderSeen = sentUtc;
            }
        }
    }

    private TimeSpan ExpiredFor() => _expiredSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    private void Receive()
    {
        IReadOnlyList<SharedChange> page;
        do
        {
            page = _shared.ChangesAfter(_position, SharedCollections.All, PageSize);
            if (page.Count > 0)
            {
                _duty!.Receive(page);
                _position = page[^1].Revision;
            }
        }
        while (page.Count >= PageSize);
    }

    /// <summary>Another node has committed. The thread that says so is the store's.</summary>
    private void Hear()
    {
        if (Interlocked.Exchange(ref _hasWord, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static node => node.ReceiveWord(), this, preferLocal: false);
        }
    }

    private void ReceiveWord()
    {
        lock (_turn)
        {
            Interlocked.Exchange(ref _hasWord, 0);
            try
            {
                if (!_isDisposed && _duty is not null)
                {
                    Receive();
                }
            }
            catch (Exception exception)
            {
                // The next turn asks again.
                _logger.LogDebug(exception, "What other nodes have changed could not be read");
            }
        }
    }

    private void ServeIfHeld()
    {
        long epoch;
        lock (_role)
        {
            if (_isServing || _held is null || !HoldsNow())
            {
                return;
            }
            epoch = _held.Value;
        }
        var isOwnMemory = _lastHeld is { } last && (epoch == last || epoch == last + 1);
        _duty!.Prepare(_leaderSeen, isOwnMemory);
        lock (_role)
        {
            if (_held != epoch || !HoldsNow())
            {
                return;
            }
            _lastHeld = epoch;
            _isServing = true;
            _service++;
            if (_term.IsCancellationRequested)
            {
                _term.Dispose();
                _term = new CancellationTokenSource();
            }
        }
        _logger.LogInformation("This node leads from now on (epoch {Epoch})", epoch);
        _metrics.Takeovers.Add(1);
        _duty.Lead();
    }

    /// <summary>The state cannot be written: nothing new begins.</summary>
    private void Suspend() => End("its state cannot be written", isOver: false);

    private void Depose()
    {
        End("another node has taken the lease", isOver: true);
        _metrics.Fenced.Add(1);
        _state.ForgetLeadership();
    }

    /// <summary>Runs on the timer's thread at the end of the lease, unless it was renewed.</summary>
    private void EndIfOver()
    {
        bool isOver;
        lock (_role)
        {
            isOver = _isValid && !HoldsNow();
        }
        if (isOver)
        {
            End("its lease could not be renewed", isOver: true, keepsEpoch: true);
        }
    }

    private void End(string reason, bool isOver, bool keepsEpoch = false)
    {
        bool wasServing;
        CancellationTokenSource? term = null;
        lock (_role)
        {
            wasServing = _isServing;
            _isServing = false;
            if (isOver)
            {
                _isValid = false;
                _held = keepsEpoch ? _held : null;
                term = _term;
            }
        }
        term?.Cancel();
        if (wasServing)
        {
            _logger.LogWarning("This node leads no longer: {Reason}", reason);
            _duty?.Follow();
        }
    }

    /// <summary>Under the role's lock.</summary>
    private bool HoldsNow() => _isValid && LeaseDecision.Holds(_time.GetElapsedTime(_renewedAt), _time.GetUtcNow() - _renewedUtc);
}
