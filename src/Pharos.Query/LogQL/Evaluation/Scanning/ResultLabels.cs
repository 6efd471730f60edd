using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Makes the labels of a result's entries: one object for lines of a run that bring the same beside their stream's, mostly a level.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ResultLabels
{
    /// <summary>Beyond so many all are forgotten: where each line brings something else nothing is gained.</summary>
    private const int MaxKept = 1024;

    /// <summary>Lines that bring more are not compared.</summary>
    private const int MaxKeyBytes = 512;

    private readonly byte[] _key = new byte[MaxKeyBytes];
    private readonly List<LogResultLabels> _kept = [];
    private ByteKeyTable _numbers = new();
    private LogStream? _stream;
    private int _run;

    /// <summary>The lines that follow are of this stream.</summary>
    public void BeginRun(LogStream stream) => (_stream, _run) = (stream, _run + 1);

    public LogResultLabels Of(LineLabels labels)
    {
        var length = labels.HasErrorLabels || !labels.HasWholeStream ? 0 : WriteKey(labels);
        if (length == 0)
        {
            return Make(labels);
        }
        if (_kept.Count == MaxKept)
        {
            _kept.Clear();
            _numbers = new ByteKeyTable();
        }
        var number = _numbers.NumberOf(_key.AsSpan(0, length), out var isNew);
        if (isNew)
        {
            _kept.Add(Make(labels));
        }
        return _kept[number];
    }

    /// <summary>What the line has beside its stream's labels, in one text.</summary>
    /// <returns>Its length; 0 where it is too long.</returns>
    private int WriteKey(LineLabels labels)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_key, _run);
        var at = sizeof(int);
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels.CategoryOf(i) == LabelCategory.Stream || !labels.Counts(i))
            {
                continue;
            }
            var name = labels.KeyOf(i).Utf8.AsSpan();
            var value = labels.ValueOf(i);
            if (name.Length + value.Length + (2 * sizeof(ushort)) + 1 > MaxKeyBytes - at)
            {
                return 0;
            }
            _key[at++] = (byte)labels.CategoryOf(i);
            Write(name, ref at);
            Write(value, ref at);
        }
        return at;
    }

    private void Write(ReadOnlySpan<byte> text, ref int at)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_key.AsSpan(at), (ushort)text.Length);
        text.CopyTo(_key.AsSpan(at + sizeof(ushort)));
        at += sizeof(ushort) + text.Length;
    }

    private LogResultLabels Make(LineLabels labels)
    {
        var hasWholeStream = labels.HasWholeStream;
        var (stream, metadata, parsed) = (new List<Label>(), new List<Label>(), new List<Label>());
        for (var i = 0; i < labels.Count; i++)
        {
            var category = labels.CategoryOf(i);
            if (labels.Counts(i) && !(hasWholeStream && category == LabelCategory.Stream))
            {
                var target = category switch { LabelCategory.Stream => stream, LabelCategory.Metadata => metadata, _ => parsed };
                target.Add(new Label(labels.KeyOf(i).Name, Encoding.UTF8.GetString(labels.ValueOf(i))));
            }
        }
        labels.AddErrorTo(parsed);
        return new LogResultLabels(hasWholeStream ? _stream!.Labels : SetOf(stream), SetOf(metadata), SetOf(parsed));
    }

    private static LabelSet SetOf(List<Label> labels) => labels.Count == 0 ? LabelSet.Empty : LabelSet.OfTexts(CollectionsMarshal.AsSpan(labels));
}
