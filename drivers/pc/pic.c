/* Two controllers in cascade, as one with 16 lines. Knows no vectors but the base it is told. */

#include "pic.h"

#include "pic_regs.h"
#include "ports.h"

static uint8_t read_data(uint16_t pic)
{
    return port_read8((uint16_t)(pic + PIC_DATA));
}

static void write_data(uint16_t pic, uint8_t value)
{
    port_write8((uint16_t)(pic + PIC_DATA), value);
}

static void write_command(uint16_t pic, uint8_t value)
{
    port_write8((uint16_t)(pic + PIC_COMMAND), value);
}

static void init_one(uint16_t pic, uint8_t vector, uint8_t cascade)
{
    write_command(pic, PIC_ICW1_INIT);
    write_data(pic, vector);
    write_data(pic, cascade);
    write_data(pic, PIC_ICW4_8086);
    write_data(pic, 0xFF);
}

void pic_init(unsigned first_vector)
{
    init_one(PIC_MASTER, (uint8_t)first_vector, PIC_ICW3_MASTER);
    init_one(PIC_SLAVE, (uint8_t)(first_vector + 8), PIC_ICW3_SLAVE);
    pic_enable(PIC_CASCADE_LINE);
}

static uint16_t pic_of(unsigned line)
{
    return line < 8 ? PIC_MASTER : PIC_SLAVE;
}

void pic_enable(unsigned line)
{
    uint16_t pic = pic_of(line);
    write_data(pic, (uint8_t)(read_data(pic) & ~(1u << (line & 7))));
}

void pic_disable(unsigned line)
{
    uint16_t pic = pic_of(line);
    write_data(pic, (uint8_t)(read_data(pic) | 1u << (line & 7)));
}

static uint8_t read_in_service(uint16_t pic)
{
    write_command(pic, PIC_OCW3_READ_IN_SERVICE);
    return port_read8((uint16_t)(pic + PIC_COMMAND));
}

/* A spurious interrupt of the slave is still a real one for the master. */
bool pic_begin(unsigned line)
{
    if ((line & 7) != 7)
        return true;
    uint16_t pic = pic_of(line);
    if (read_in_service(pic) & 0x80)
        return true;
    if (pic == PIC_SLAVE)
        write_command(PIC_MASTER, PIC_OCW2_END);
    return false;
}

void pic_end(unsigned line)
{
    if (line >= 8)
        write_command(PIC_SLAVE, PIC_OCW2_END);
    write_command(PIC_MASTER, PIC_OCW2_END);
}

static void end_all_but(uint16_t pic, uint8_t begun)
{
    unsigned undelivered = read_in_service(pic) & ~(unsigned)begun;
    for (unsigned line = 0; line < 8; line++)
        if (undelivered >> line & 1)
            write_command(pic, (uint8_t)(PIC_OCW2_END_LINE | line));
}

void pic_end_undelivered(uint16_t begun)
{
    uint8_t slave_begun = (uint8_t)(begun >> 8);
    end_all_but(PIC_SLAVE, slave_begun);
    end_all_but(PIC_MASTER, (uint8_t)(begun | (slave_begun ? 1u << PIC_CASCADE_LINE : 0)));
}
