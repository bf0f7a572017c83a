/* Reads what the board latched, and changes nothing: there is no going on after it. */

#include "nmi.h"

#include "nmi_regs.h"
#include "ports.h"

const char *nmi_reason(void)
{
    uint8_t port = port_read8(NMI_PORT_B);
    if (port == NMI_PORT_ABSENT || !(port & (NMI_PARITY_CHECK | NMI_CHANNEL_CHECK)))
        return "no error is latched: a button, a watchdog or the power supply";
    return port & NMI_PARITY_CHECK ? "memory parity, or a PCI system error"
                                   : "an adapter's channel check";
}
