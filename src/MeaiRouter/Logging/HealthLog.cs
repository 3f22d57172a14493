using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Health;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Logging;

/// <summary>One line when an endpoint or a key begins to rest and one when it is back, however many attempts fail in between.</summary>
internal sealed partial class HealthLog(ILogger logger, TimeProvider time)
{
    public void Follow(HealthBoard board)
    {
        board.EndpointTurned += Write;
        board.KeyTurned += Write;
    }

    private void Write(object? sender, EndpointRestEventArgs turn)
    {
        if (turn.Rest is { } rest)
        {
            if (logger.IsEnabled(LogLevel.Warning))
                Rests(logger, turn.Model, turn.Endpoint.ToString(), Until(rest.AvailableIn), Why(rest));
        }
        else if (logger.IsEnabled(LogLevel.Information))
        {
            Returned(logger, turn.Model, turn.Endpoint.ToString());
        }
    }

    private void Write(object? sender, KeyRefusalEventArgs turn)
    {
        if (turn.Why is { } why)
        {
            if (logger.IsEnabled(LogLevel.Error))
                Refused(logger, turn.Endpoint.Provider, turn.Key, why, turn.Endpoint.ToString(), Until(turn.AvailableIn));
        }
        else
        {
            Accepted(logger, turn.Endpoint.Provider, turn.Key);
        }
    }

    [LoggerMessage(EventIds.EndpointRests, LogLevel.Warning, "{Model} at {Endpoint} is left alone until {Until}, because of {Why}. Then a single call finds out whether it is well.")]
    private static partial void Rests(ILogger logger, string model, string endpoint, string until, string why);

    [LoggerMessage(EventIds.EndpointReturned, LogLevel.Information, "{Model} at {Endpoint} answers again.")]
    private static partial void Returned(ILogger logger, string model, string endpoint);

    [LoggerMessage(EventIds.KeyRefused, LogLevel.Error, "The provider {Provider} refuses its key '{Name}' with {Why} at {Endpoint}; it is left alone until {Until}. Look after the key or its account.")]
    private static partial void Refused(ILogger logger, string provider, string name, FailureKind why, string endpoint, string until);

    [LoggerMessage(EventIds.KeyAccepted, LogLevel.Information, "The provider {Provider} takes its key '{Name}' again.")]
    private static partial void Accepted(ILogger logger, string provider, string name);

    private string Until(TimeSpan availableIn) => (time.GetUtcNow() + availableIn).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Why(EndpointRest rest) => rest.Status is { } status ? string.Create(CultureInfo.InvariantCulture, $"{rest.Why} (HTTP {status})") : rest.Why.ToString();
}
