using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The settings in force. A request takes them once and keeps them to its end.</summary>
internal sealed class LiveSettings(GatewaySettings settings, TimeProvider time)
{
    private Moment _current = new(settings, Rules(settings), new WrongKeys(settings.Web.MaxWrongKeys, settings.Web.WrongKeysWindow, time));

    public Moment Current => Volatile.Read(ref _current);

    /// <summary>Puts other settings in force. Wrong keys go on being counted, unless it is by other limits.</summary>
    public void Replace(GatewaySettings next)
    {
        var before = Current;
        var isSame = (before.Web.MaxWrongKeys, before.Web.WrongKeysWindow) == (next.Web.MaxWrongKeys, next.Web.WrongKeysWindow);
        var wrongKeys = isSame ? before.WrongKeys : new WrongKeys(next.Web.MaxWrongKeys, next.Web.WrongKeysWindow, time);
        Volatile.Write(ref _current, new Moment(next, Rules(next), wrongKeys));
    }

    private static CorsRules? Rules(GatewaySettings settings) => settings.Web.Cors is { } cors ? new CorsRules(cors) : null;

    /// <summary>The settings at one moment.</summary>
    /// <param name="Settings">All of them.</param>
    /// <param name="Cors">Which web pages may call; <see langword="null"/> for none.</param>
    /// <param name="WrongKeys">Who presented wrong keys.</param>
    public sealed record Moment(GatewaySettings Settings, CorsRules? Cors, WrongKeys WrongKeys)
    {
        /// <summary>What is about HTTP.</summary>
        public WebSettings Web => Settings.Web;
    }
}
