using Microsoft.Extensions.Logging;

namespace MeaiRouter.Registration;

/// <summary>One line for each change of the catalogue that an operator may want to know of. Ids are never reused.</summary>
internal static partial class CatalogLog
{
    [LoggerMessage(20, LogLevel.Information, "The catalogue has changed: version {Version}, {Models} models.")]
    public static partial void Changed(ILogger logger, long version, int models);
}
