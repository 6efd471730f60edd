using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs.Merging;

/// <summary>Walks the runs of a part, by stream and then by time, and decodes each block once.</summary>
/// <remarks>Not thread-safe. Blocks that cannot be read are reported and stepped over.</remarks>
internal sealed class PartCursor
{
    private readonly LogPart _part;
    private readonly PendingDeletion[] _deletions;
    private readonly IPartDamage _damage;
    private int _block = -1;
    private int _run;
    private RunTable? _table;
    private BorrowedRows? _rows;
    private int _keyOf = -1;
    private LabelSet? _key;

    public PartCursor(LogPart part, PendingDeletion[] deletions, IPartDamage damage)
    {
        _part = part;
        _deletions = Array.FindAll(deletions, deletion => deletion.Concerns(part));
        _damage = damage;
        NextBlock();
    }

    public LogPart Part => _part;

    public bool IsAtEnd => _table is null;

    public BlockRun Run => _table!.Runs[_run];

    public LabelSet Key
    {
        get
        {
            if (_keyOf != Run.Stream)
            {
                _keyOf = Run.Stream;
                _key = _part.KeyAt(Run.Stream);
            }
            return _key!;
        }
    }

    public LogStream Stream => _part.StreamAt(Run.Stream);

    /// <summary>The block at hand where the run is all of it and nothing of it is deleted; null where not.</summary>
    public BlockEntry? WholeBlock => _table!.Runs.Length == 1 && !IsHidden() ? _part.Blocks[_block] : null;

    public RunTable Table => _table!;

    /// <summary>The rows of the block at hand, good until the cursor goes on to the next; null where the block is damaged.</summary>
    public LogRows? Rows()
    {
        if (_rows is not null)
        {
            return _rows.Rows;
        }
        try
        {
            var runs = new LogRun[_table!.Runs.Length];
            var numbers = new int[runs.Length];
            for (var i = 0; i < runs.Length; i++)
            {
                var run = _table.Runs[i];
                runs[i] = new LogRun(_part.StreamAt(run.Stream), run.First, run.Count, run.MinTimeNs, run.MaxTimeNs, run.LineBytes);
                numbers[i] = i;
            }
            _rows = new LogPartBlock(_part, _block, runs, numbers, _table, _deletions, _damage).Borrow(LogColumns.All);
            return _rows.Rows;
        }
        catch (IOException exception)
        {
            _damage.BlockDamaged(_part, _block, exception);
            return null;
        }
    }

    public void NextRun()
    {
        if (++_run >= _table!.Runs.Length)
        {
            NextBlock();
        }
    }

    private bool IsHidden()
    {
        var run = Run;
        return Array.Exists(_deletions, deletion => deletion.Overlaps(run.MinTimeNs, run.MaxTimeNs) && deletion.Matches(Stream));
    }

    private void NextBlock()
    {
        _run = 0;
        _rows?.Dispose();
        _rows = null;
        _table = null;
        while (_table is null && ++_block < _part.Blocks.Count)
        {
            if (_part.IsBlockDamaged(_block))
            {
                continue;
            }
            try
            {
                _table = _part.Runs(_block);
            }
            catch (IOException exception)
            {
                _damage.BlockDamaged(_part, _block, exception);
            }
        }
    }
}
