using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>Everything that is logged, at every level and by everybody, Kestrel included.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Text)> _lines = new();

    public IReadOnlyList<(LogLevel Level, string Category, string Text)> Lines => [.. _lines];

    /// <summary>What an operator would see with the levels of the sample: our own information, warnings of all others.</summary>
    public IEnumerable<string> Visible => Lines
        .Where(static line => line.Level >= LogLevel.Warning || (line.Level == LogLevel.Information && !line.Category.StartsWith("Microsoft.", StringComparison.Ordinal)))
        .Select(static line => line.Text);

    /// <summary>All of it as one text, to search what must not be there.</summary>
    public string Text => string.Join('\n', Lines.Select(static line => line.Text));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Enqueue((logLevel, category, $"{formatter(state, exception)}{(exception is null ? "" : $" {exception}")}"));
    }
}
