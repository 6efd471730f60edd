using System.Text;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Collection.Receivers.Loki.Enrichment;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>One push on its way: takes streams and entries, refuses what the tenant's limits refuse, completes the rest, and stores it
/// at once.</summary>
/// <remarks>Not thread-safe. From <see cref="LokiIntake.Begin"/>, to which disposing gives it back.</remarks>
public sealed class LokiPushSession : ILokiPushSink, IDisposable
{
    private readonly LokiIntake _intake;
    private readonly PushRefusals _refusals = new();
    private readonly HashSet<LogStream> _newStreams = [];
    private byte[] _name = new byte[64];
    private TenantIntake _tenant = null!;
    private LokiIngestLimits _limits = LokiIngestLimits.Default;
    private KnownStream? _known;
    private PushRejection? _streamRejection;
    private PushRejection? _entryRejection;
    private bool _streamCounted;
    private bool _hasLevel;
    private long _nowNs;
    private long _lastTimeNs;
    private long _timeNs;
    private int _lineLength;
    private int _metadataBytes;
    private int _metadataCount;
    private long _storedMetadataBytes;

    internal LokiPushSession(LokiIntake intake) => _intake = intake;

    internal LogBatch Batch { get; } = new();

    internal void Start(TenantIntake tenant, LokiIngestLimits limits, long nowNs)
    {
        (_tenant, _limits, _nowNs) = (tenant, limits, nowNs);
        (_known, _streamRejection, _storedMetadataBytes) = (null, null, 0);
        _refusals.Clear();
        _newStreams.Clear();
        Batch.Clear();
        Batch.KeepsRepeated = false;
    }

    public void BeginStream(ReadOnlySpan<byte> labels, StreamTextForm form) => Begin(_tenant.Of(labels, form, _limits));

    /// <param name="labels">Sorted or not, a name perhaps twice.</param>
    public void BeginStream(IReadOnlyList<Label> labels) => Begin(_tenant.Of(labels, _limits));

    public void BeginEntry(long timeNs, ReadOnlySpan<byte> line)
    {
        (_hasLevel, _metadataBytes, _metadataCount, _lineLength) = (false, 0, 0, line.Length);
        _entryRejection = _streamRejection ?? Judge(timeNs, line);
        if (_entryRejection is not null)
        {
            Refuse(timeNs, line);
            return;
        }
        if (_limits.MaxLineBytes > 0 && line.Length > _limits.MaxLineBytes)
        {
            line = Truncated(line);
        }
        if (_limits.IncrementDuplicateTimestamps && timeNs == _lastTimeNs && Batch.Count > 0
            && !Batch.LineOf(Batch.Count - 1).SequenceEqual(line))
        {
            timeNs++;
        }
        (_timeNs, _lastTimeNs, _lineLength) = (timeNs, timeNs, line.Length);
        Batch.Add(timeNs, line);
    }

    public void Metadata(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _metadataBytes += name.Length + value.Length;
        _metadataCount++;
        if (_entryRejection is not null || value.IsEmpty || name.IsEmpty || _metadataCount > _limits.MaxStructuredMetadataEntries)
        {
            return;
        }
        name = Clean(name);
        var entry = Batch.Count - 1;
        for (var i = Batch.MetadataCountOf(entry) - 1; i >= 0; i--)
        {
            if (Batch.MetadataNameOf(entry, i).SequenceEqual(name))
            {
                return;
            }
        }
        Batch.AddMetadata(name, value);
        _hasLevel |= name.SequenceEqual("detected_level"u8);
    }

    public void EndEntry()
    {
        if (_entryRejection is not null)
        {
            return;
        }
        _entryRejection = JudgeMetadata()
            ?? (_known!.Rate.TryTake(_lineLength, _limits.StreamRateBytesPerSecond, _limits.StreamBurstBytes, _nowNs) ? null
                : PushRejections.StreamRateLimited(_known.Text, _limits.StreamRateBytesPerSecond, _lineLength));
        if (_entryRejection is not null)
        {
            Refuse(_timeNs, Batch.LineOf(Batch.Count - 1));
            Batch.RemoveLast();
            return;
        }
        _storedMetadataBytes += _metadataBytes;
        if (_limits.DiscoverLevels && !_hasLevel)
        {
            Batch.AddMetadata("detected_level"u8, Level());
        }
    }

    /// <summary>Stores what was not refused.</summary>
    /// <exception cref="IOException">The disk refused; nothing is stored.</exception>
    public LokiPushOutcome Commit()
    {
        var bytes = Batch.LineBytes + _storedMetadataBytes;
        if (!Batch.IsEmpty && !_tenant.Rate.TryTake(bytes, _limits.RateBytesPerSecond, _limits.BurstBytes, _nowNs))
        {
            RefuseAll(PushRejections.RateLimited(_tenant.Tenant, _limits.RateBytesPerSecond, Batch.Count, bytes));
        }
        else if (!Batch.IsEmpty && _limits.BlockedUntil is { } until && until > _intake.Time.GetUtcNow())
        {
            RefuseAll(PushRejections.Blocked(_tenant.Tenant, until, _limits.BlockedStatus));
        }
        if (!Batch.IsEmpty)
        {
            _intake.Store.Append(Batch);
            _intake.Metrics.Received(_tenant.Tenant, Batch.Count, Batch.LineBytes, _storedMetadataBytes);
        }
        return new LokiPushOutcome(Batch.Count, _refusals.Entries, _refusals.Status, _refusals.Message());
    }

    public void Dispose() => _intake.Return(this);

    private void Begin(KnownStream known)
    {
        _known = known;
        _lastTimeNs = long.MinValue;
        _streamCounted = false;
        _streamRejection = known.Rejection ?? (known.Stream is { } stream ? JudgeNew(stream, known.Text) : null);
        if (_streamRejection is null)
        {
            Batch.BeginStream(known.Stream!);
        }
    }

    /// <summary>A stream that has nothing in memory yet is new to the limit of active ones.</summary>
    private PushRejection? JudgeNew(LogStream stream, string text)
    {
        if (_intake.Store.IsActive(stream) || _newStreams.Contains(stream))
        {
            return null;
        }
        if (!_intake.MayCreateStreams())
        {
            return PushRejections.UnderPressure(text);
        }
        if (_limits.MaxActiveStreams > 0 && _intake.Store.ActiveStreams(_tenant.Tenant) + _newStreams.Count >= _limits.MaxActiveStreams)
        {
            return PushRejections.TooManyStreams(_tenant.Tenant, text, _limits.MaxActiveStreams);
        }
        _newStreams.Add(stream);
        return null;
    }

    private PushRejection? Judge(long timeNs, ReadOnlySpan<byte> line)
    {
        if (_limits.RejectOldSamples && _nowNs - (_limits.RejectOldSamplesMaxAge.Ticks * TimeSpan.NanosecondsPerTick) is var oldest
            && timeNs < oldest)
        {
            return PushRejections.TooOld(_known!.Text, timeNs, oldest);
        }
        if (timeNs > _nowNs + (_limits.CreationGracePeriod.Ticks * TimeSpan.NanosecondsPerTick))
        {
            return PushRejections.TooNew(_known!.Text, timeNs);
        }
        return _limits.MaxLineBytes > 0 && line.Length > _limits.MaxLineBytes && !_limits.TruncateLines
            ? PushRejections.LineTooLong(_known!.Text, _limits.MaxLineBytes, line.Length) : null;
    }

    private PushRejection? JudgeMetadata()
    {
        if (_metadataCount == 0)
        {
            return null;
        }
        if (!_limits.AllowStructuredMetadata)
        {
            return PushRejections.MetadataDisallowed(_known!.Text);
        }
        if (_limits.MaxStructuredMetadataBytes > 0 && _metadataBytes > _limits.MaxStructuredMetadataBytes)
        {
            return PushRejections.MetadataTooLarge(_known!.Text, _metadataBytes, _limits.MaxStructuredMetadataBytes);
        }
        return _metadataCount > _limits.MaxStructuredMetadataEntries
            ? PushRejections.TooMuchMetadata(_known!.Text, _metadataCount, _limits.MaxStructuredMetadataEntries) : null;
    }

    private void Refuse(long timeNs, ReadOnlySpan<byte> line)
    {
        var rejection = _entryRejection!;
        _intake.Metrics.Discarded(_tenant.Tenant, rejection.Reason, 1, _lineLength + _metadataBytes);
        _intake.Rejected.Count(_tenant.Tenant, rejection.Reason, 1, _lineLength + _metadataBytes);
        _intake.Rejected.Add(_nowNs, _tenant.Tenant, _known!.Text, timeNs, line, rejection);
        // What is wrong with a stream is said once, however many entries it has.
        if (ReferenceEquals(rejection, _streamRejection))
        {
            if (_streamCounted)
            {
                _refusals.Count(1);
                return;
            }
            _streamCounted = true;
        }
        _refusals.Add(rejection, 1);
    }

    private void RefuseAll(PushRejection rejection)
    {
        _intake.Metrics.Discarded(_tenant.Tenant, rejection.Reason, Batch.Count, Batch.LineBytes + _storedMetadataBytes);
        _intake.Rejected.Count(_tenant.Tenant, rejection.Reason, Batch.Count, Batch.LineBytes + _storedMetadataBytes);
        for (var i = 0; i < Math.Min(Batch.Count, RejectedLines.MaxPerReason); i++)
        {
            _intake.Rejected.Add(_nowNs, _tenant.Tenant, Batch.StreamOf(i).Labels.ToBracedText(), Batch.TimeNsOf(i), Batch.LineOf(i), rejection);
        }
        _refusals.Add(rejection, Batch.Count);
        Batch.Clear();
    }

    private ReadOnlySpan<byte> Level()
    {
        if (!_known!.Level.IsEmpty)
        {
            return _known.Level.Span;
        }
        var entry = Batch.Count - 1;
        var severity = ReadOnlySpan<byte>.Empty;
        for (var i = 0; i < Batch.MetadataCountOf(entry); i++)
        {
            var name = Batch.MetadataNameOf(entry, i);
            if (_limits.LevelFields.Contains(name) && LogLevels.OfValue(Batch.MetadataValueOf(entry, i)) is { IsEmpty: false } level)
            {
                return level;
            }
            if (name.SequenceEqual("severity_number"u8))
            {
                severity = Batch.MetadataValueOf(entry, i);
            }
        }
        return !severity.IsEmpty && System.Buffers.Text.Utf8Parser.TryParse(severity, out int number, out _) && number > 0
            ? LogLevels.OfSeverityNumber(number) : LevelDetection.Of(Batch.LineOf(entry), _limits.LevelFields);
    }

    /// <summary>A name as LogQL can say it: what is no letter, digit or underscore becomes an underscore.</summary>
    private ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> name)
    {
        var valid = !char.IsAsciiDigit((char)name[0]);
        foreach (var letter in name)
        {
            valid &= char.IsAsciiLetterOrDigit((char)letter) || letter == '_';
        }
        if (valid)
        {
            return name;
        }
        if (_name.Length < name.Length + 1)
        {
            _name = new byte[name.Length * 2];
        }
        var length = 0;
        if (char.IsAsciiDigit((char)name[0]))
        {
            _name[length++] = (byte)'_';
        }
        foreach (var letter in name)
        {
            _name[length++] = char.IsAsciiLetterOrDigit((char)letter) ? letter : (byte)'_';
        }
        return _name.AsSpan(0, length);
    }

    /// <summary>The beginning of a line, with the mark behind it; never a part of a character.</summary>
    private ReadOnlySpan<byte> Truncated(ReadOnlySpan<byte> line)
    {
        var mark = Encoding.UTF8.GetBytes(_limits.TruncationMark);
        var kept = (int)Math.Max(0, _limits.MaxLineBytes - mark.Length);
        while (kept > 0 && (line[kept] & 0xC0) == 0x80)
        {
            kept--;
        }
        return mark.Length == 0 ? line[..kept] : (byte[])[.. line[..kept], .. mark];
    }
}
