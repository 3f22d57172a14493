using MeaiRouter.Logging;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>What became of a configuration that changed while the router runs. Ids are never reused; paths are named, values never.</summary>
internal static partial class ConfigurationLog
{
    public const string Category = "MeaiRouter.Configuration";

    // A file that is replaced by another may change hundreds of settings.
    private const int MostPaths = 20;

    /// <summary>Tells which settings hold from now on, and which do not.</summary>
    public static void Reloaded(ILogger logger, IReadOnlyCollection<string> takenOver, IReadOnlyCollection<string> waiting)
    {
        if (takenOver.Count > 0)
            TakenOver(logger, List(takenOver));
        if (waiting.Count > 0)
            NeedsRestart(logger, List(waiting));
    }

    [LoggerMessage(EventIds.ConfigurationRefused, LogLevel.Error, "The changed configuration cannot be used; the one before stays in force. {Why}")]
    public static partial void Refused(ILogger logger, string why, Exception? cause);

    [LoggerMessage(EventIds.ConfigurationTakenOver, LogLevel.Information, "The changed configuration is in force for every request that begins from now on. Taken over: {Settings}.")]
    private static partial void TakenOver(ILogger logger, string settings);

    [LoggerMessage(EventIds.ConfigurationNeedsRestart, LogLevel.Warning, "Some settings have changed that are read only at the start. Needs a restart: {Settings}.")]
    private static partial void NeedsRestart(ILogger logger, string settings);

    [LoggerMessage(EventIds.ClientNotDisposed, LogLevel.Warning, "The client of the provider {Provider} is no longer used, and its Dispose failed.")]
    public static partial void ClientNotDisposed(ILogger logger, string provider, Exception cause);

    private static string List(IReadOnlyCollection<string> paths)
    {
        var listed = string.Join(", ", paths.Order(StringComparer.OrdinalIgnoreCase).Take(MostPaths));
        return paths.Count > MostPaths ? $"{listed}, and {paths.Count - MostPaths} more" : listed;
    }
}
