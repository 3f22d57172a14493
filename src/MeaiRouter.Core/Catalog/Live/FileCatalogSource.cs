using System.Security.Cryptography;

namespace MeaiRouter.Catalog;

/// <summary>A catalogue file that is read again when it changes. A broken file keeps what was read before and says why.</summary>
/// <remarks>
/// The file is polled and compared by content: time stamps and change notifications miss files that are swapped behind a link, as mounted
/// configuration is, and files on network shares. A file caught half-written does not parse, and is whole the next time.
/// </remarks>
public sealed class FileCatalogSource : ICatalogSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly Func<ReadOnlyMemory<byte>, CatalogImport> _parse;
    private readonly FileCatalogOptions _options;
    private readonly ITimer _timer;

    private CatalogContribution _current;
    private IReadOnlyList<CatalogProblem> _problems = [];
    private byte[] _seen = [];
    private string? _seenError;
    private string? _lastError;
    private bool _disposed;

    /// <summary>Reads the file and starts to watch it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parse">How to read it, such as <c>json => LiteLlmCatalog.Parse(json)</c>.</param>
    /// <param name="options">How to watch it; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="CatalogImportException">The file is no usable catalogue. At start there is nothing older to fall back on.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public FileCatalogSource(
        string path, Func<ReadOnlyMemory<byte>, CatalogImport> parse, FileCatalogOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(parse);

        _path = path;
        _parse = parse;
        _options = options ?? new FileCatalogOptions();

        var content = ReadFile();
        var import = parse(content);
        _seen = SHA256.HashData(content);
        _problems = import.Problems;
        _current = ContributionOf(import);

        // Armed once everything is in place: the first tick may come at once.
        _timer = (timeProvider ?? TimeProvider.System).CreateTimer(_ => Poll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_options.Interval, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    public CatalogContribution Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public string? LastError => Volatile.Read(ref _lastError);

    /// <summary>What was not taken over as it stands when the file was last read well.</summary>
    public IReadOnlyList<CatalogProblem> Problems => Volatile.Read(ref _problems);

    /// <summary>Reads the file now.</summary>
    /// <returns>Whether <see cref="Current"/> has changed. If not because the file is broken, <see cref="LastError"/> says why.</returns>
    /// <remarks>An exception of a handler of <see cref="Changed"/> reaches the caller; while polling it is kept in <see cref="LastError"/>.</remarks>
    public bool Reload()
    {
        lock (_lock)
        {
            if (!TakeOver())
                return false;
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _timer.Dispose();
    }

    private bool TakeOver()
    {
        try
        {
            var content = ReadFile();
            var hash = SHA256.HashData(content);
            if (hash.AsSpan().SequenceEqual(_seen))
            {
                Volatile.Write(ref _lastError, _seenError);
                return false;
            }

            _seen = hash;
            _seenError = null;
            var import = _parse(content);
            RejectTruncated(import);

            Volatile.Write(ref _problems, import.Problems);
            Volatile.Write(ref _current, ContributionOf(import));
            Volatile.Write(ref _lastError, null);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Says nothing about the content: whatever is read next time is judged afresh.
            Volatile.Write(ref _lastError, exception.Message);
            return false;
        }
        catch (Exception exception)
        {
            // The reader may be the user's own and throw anything; whatever it is, the old catalogue stands.
            _seenError = exception.Message;
            Volatile.Write(ref _lastError, exception.Message);
            return false;
        }
    }

    private CatalogContribution ContributionOf(CatalogImport import) =>
        import.ToContribution(_path) with { OnlyCompletes = _options.OnlyCompletes };

    private void RejectTruncated(CatalogImport import)
    {
        if (import.Models.Count * 100L < _current.Models.Count * (long)_options.MinKeptPercent)
            throw new CatalogImportException(
                $"The file holds {import.Models.Count} models where it held {_current.Models.Count}, less than {_options.MinKeptPercent} %.");
    }

    private void Poll()
    {
        try
        {
            Reload();
        }
        catch (Exception exception)
        {
            // On a timer's thread it would end the process.
            Volatile.Write(ref _lastError, exception.Message);
        }

        if (!Volatile.Read(ref _disposed))
            _timer.Change(_options.Interval, Timeout.InfiniteTimeSpan);
    }

    private byte[] ReadFile()
    {
        // Whoever replaces the file must not be stopped by us reading it.
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > _options.MaxBytes)
            throw new CatalogImportException($"The file has {file.Length} bytes, more than the {_options.MaxBytes} allowed.");

        var content = new byte[file.Length];
        var read = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return read == content.Length ? content : content[..read];
    }
}
